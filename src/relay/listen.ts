/** Listening, with a refusal that says what to do instead. */
import type { AddressInfo, Server } from "node:net";
import { accept, type Outcome, refuse } from "../nara/outcome.ts";

export interface ListenWish {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** The option to change when this fails, as a person writes it. */
  readonly remedy: string;
}

/** The port that it became. */
export function listenOn(server: Server, wish: ListenWish): Promise<Outcome<number>> {
  return new Promise((resolve) => {
    server.once("error", (error: NodeJS.ErrnoException) => resolve(refuse(sentence(error, wish))));
    server.listen(wish.port, wish.host, () => {
      resolve(accept((server.address() as AddressInfo).port));
    });
  });
}

export function stopListening(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}

/** `host:port` for a URL; where we listen on every address, this machine's own name. */
export function hostAndPort(host: string, port: number): string {
  const everywhere = host === "0.0.0.0" || host === "::";
  const name = everywhere ? "localhost" : host;
  return `${name.includes(":") ? `[${name}]` : name}:${port}`;
}

function sentence(error: NodeJS.ErrnoException, { host, port, remedy }: ListenWish): string {
  switch (error.code) {
    case "EADDRINUSE":
      return `port ${port} on ${host} is already in use: choose another with ${remedy}`;
    case "EACCES":
      return `port ${port} may not be opened by this user: choose another with ${remedy}`;
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return `${host} is no address of this machine: choose another with --host`;
    default:
      return `port ${port} on ${host} cannot be opened (${error.code ?? error.message})`;
  }
}
