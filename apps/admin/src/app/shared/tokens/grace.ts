import type { SupersededSecretDto } from '@latchkey/auth-models';

/** Whether the secret before a rotation still works. */
export function isInGrace(
  superseded: SupersededSecretDto | undefined,
  now: number,
): superseded is SupersededSecretDto {
  return superseded !== undefined && Date.parse(superseded.until) > now;
}
