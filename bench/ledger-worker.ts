/** A SharedWorker that measures the ledger. */
import { measureLedger } from "./ledger-figures.ts";
import { answerFromWorker } from "./worker-answer.ts";

answerFromWorker(measureLedger);
