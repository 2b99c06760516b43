/** A SharedWorker that measures verification. */
import { measureVerifyRates } from "./verify-rates.ts";
import { answerFromWorker } from "./worker-answer.ts";

answerFromWorker(measureVerifyRates);
