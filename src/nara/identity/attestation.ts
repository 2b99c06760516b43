/** What a nara signs when it claims how another one, or itself, has lived (docs/protocol/identity.md §9). */

export interface AttestationClaim {
  readonly version: number | bigint;
  readonly attesterId: string;
  readonly subjectId: string;
  readonly asOfS: number | bigint;
  readonly restarts: number | bigint;
  readonly totalUptimeS: number | bigint;
  readonly startTimeS: number | bigint;
  /** "" for none. Not covered by version 0 or 1. */
  readonly lastSeenCheckpointId: string;
}

/** The signed text, unhashed. Version 0 is version 1 from before versions were written down. */
export function attestationText(claim: AttestationClaim): string {
  const version = BigInt(claim.version) === 0n ? 1n : BigInt(claim.version);
  const text = [
    `attestation:v${version}`,
    claim.attesterId,
    claim.subjectId,
    claim.asOfS,
    claim.restarts,
    claim.totalUptimeS,
    claim.startTimeS,
  ].join(":");
  return version === 1n ? text : `${text}:${claim.lastSeenCheckpointId}`;
}
