import type { UserTokenDto } from '@latchkey/auth-models';

/** A word or two that people know a token by: its note, or else its last characters. */
export function tokenName({ note, tokenPreview }: Pick<UserTokenDto, 'note' | 'tokenPreview'>): string {
  return note || tokenPreview;
}
