/** A SharedWorker that measures verifying and merging. */
import { measureVerifyMerge } from "./verify-merge-rates.ts";
import { answerFromWorker } from "./worker-answer.ts";

answerFromWorker(measureVerifyMerge);
