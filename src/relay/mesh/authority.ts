/** `host:port` in the one way in which two that lead to the same place are equal. */
import { meshUrl } from "../../nara/mesh/address.ts";

export interface Authority {
  /** A name, or an IP address without brackets. */
  readonly host: string;
  readonly port: number;
  /** Both together. */
  readonly text: string;
}

/** Undefined for what is no authority, or leads to no host that HTTP knows. */
export function parseAuthority(text: string): Authority | undefined {
  if (!/^[A-Za-z0-9._:[\]-]{1,255}$/.test(text)) return undefined;
  // The URL parser reads 0x7f.1 and 017700000001 as the addresses that they are (WHATWG URL §3.5).
  if (!URL.canParse(`http://${text}/`)) return undefined;
  const url = new URL(`http://${text}/`);
  const { hostname } = url;
  const port = url.port === "" ? 80 : Number(url.port);
  if (port === 0) return undefined;
  return { host: hostname.replace(/^\[(.*)\]$/, "$1"), port, text: `${hostname}:${port}` };
}

/** Where a `MeshIP` leads. */
export const authorityOfMeshIp = (meshIp: string): Authority | undefined =>
  parseAuthority(meshUrl(meshIp).replace(/^http:\/\//, ""));
