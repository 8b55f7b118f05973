import { HttpClient } from '@angular/common/http';
import { computed, inject, Injectable, signal } from '@angular/core';
import { PASSWORD_DEFAULT_MIN_LENGTH, type SettingListDto } from '@latchkey/auth-models';
import type { Problem } from '../../core/problem';
import { Session } from '../../core/session';
import { loaded } from '../loaded';

/**
 * The length that this server asks of a new password: as its settings say to those who may see them, as its last refusal said
 * to everybody else, and until then what servers ask for unless they are configured otherwise.
 */
@Injectable({ providedIn: 'root' })
export class PasswordMinimum {
  private readonly http = inject(HttpClient);
  private readonly session = inject(Session);
  private readonly told = signal<number | null>(null);
  private readonly settings = loaded(
    () => (this.session.can('settings:read') ? '/settings' : null),
    (path) => this.http.get<SettingListDto>(path),
  );

  readonly length = computed(() => {
    const setting = this.settings.value()?.items.find(({ name }) => name === 'LATCHKEY_PASSWORD_MIN_LENGTH');
    return this.told() ?? (Number(setting?.value) || PASSWORD_DEFAULT_MIN_LENGTH);
  });

  /** Remembers what a refusal says of it. */
  learn({ errors }: Problem): void {
    const minimum = errors.map(minimumIn).find((found) => found !== null);
    if (minimum !== undefined) {
      this.told.set(minimum);
    }
  }
}

/** The length that the server's sentence about a password asks for; `null` if it is about something else. */
export function minimumIn({ code, message }: { code: string; message: string }): number | null {
  const isAboutLength = code === 'password_too_short' || code === 'is_password';
  const [, minimum] = (isAboutLength && /must have (?:at least )?(\d{1,3}) /.exec(message)) || [];
  return minimum === undefined ? null : Number(minimum);
}
