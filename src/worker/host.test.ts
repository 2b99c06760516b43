import { hostAcceptance } from "./testing/host-acceptance.ts";
import { createStage } from "./testing/stage.ts";

hostAcceptance("a host in this process", () => createStage());
