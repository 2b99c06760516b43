/** What a nara signs when it claims how another one, or itself, has lived (docs/protocol/identity.md §9). */

export interface AttestationClaim {
  readonly version: number;
  readonly attesterId: string;
  readonly subjectId: string;
  readonly asOfS: number;
  readonly restarts: number;
  readonly totalUptimeS: number;
  readonly startTimeS: number;
  /** "" for none. Not covered by version 0 or 1. */
  readonly lastSeenCheckpointId: string;
}

/** The signed text, unhashed. Version 0 is version 1 from before versions were written down. */
export function attestationText(claim: AttestationClaim): string {
  const version = claim.version === 0 ? 1 : claim.version;
  const text = [
    `attestation:v${version}`,
    claim.attesterId,
    claim.subjectId,
    claim.asOfS,
    claim.restarts,
    claim.totalUptimeS,
    claim.startTimeS,
  ].join(":");
  return version === 1 ? text : `${text}:${claim.lastSeenCheckpointId}`;
}
