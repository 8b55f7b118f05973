import { HttpClient } from '@angular/common/http';
import { computed, inject, Injectable, signal, type Signal } from '@angular/core';
import type { ValidatorFn } from '@angular/forms';
import { PASSWORD_DEFAULT_MIN_LENGTH, type SettingListDto, passwordLength } from '@latchkey/auth-models';
import { injectTexts } from '../../core/language';
import type { Problem } from '../../core/problem';
import { Session } from '../../core/session';
import { loaded } from '../loaded';
import { toErrors } from './field-error';

/**
 * Minimum length of new passwords on this server: from its settings for users who may see them, otherwise from the last
 * rejected password. Until then it is the default of all servers.
 */
@Injectable({ providedIn: 'root' })
export class PasswordMinimum {
  private readonly http = inject(HttpClient);
  private readonly session = inject(Session);
  private readonly learned = signal<number | null>(null);
  private readonly settings = loaded(
    () => (this.session.can('settings:read') ? '/settings' : null),
    (path) => this.http.get<SettingListDto>(path),
  );

  readonly length = computed(() => {
    const setting = this.settings.value()?.items.find(({ name }) => name === 'LATCHKEY_PASSWORD_MIN_LENGTH');
    return this.learned() ?? (Number(setting?.value) || PASSWORD_DEFAULT_MIN_LENGTH);
  });

  /** Reads the minimum from the problem of a rejected password. */
  learn({ errors }: Problem): void {
    const minimum = errors.map(minimumIn).find((found) => found !== null);
    if (minimum !== undefined) {
      this.learned.set(minimum);
    }
  }
}

/** Returns the minimum length in the server's message about a password; `null` if it has none. */
export function minimumIn({ code, message }: { code: string; message: string }): number | null {
  const isAboutLength = code === 'password_too_short' || code === 'is_password';
  const [, minimum] = (isAboutLength && /must have (?:at least )?(\d{1,3}) /.exec(message)) || [];
  return minimum === undefined ? null : Number(minimum);
}

/** Adds this server's minimum length to the validator of a new password, which knows only the minimum of all servers. */
export function newPassword(rules: ValidatorFn): ValidatorFn {
  const minimum = inject(PasswordMinimum);
  return (control) => {
    const errors = rules(control);
    const length = passwordLength(String(control.value));
    return errors === null || length === 0 || length >= minimum.length()
      ? errors
      : toErrors({ rules: [], message: '', minimum: minimum.length() });
  };
}

/** Returns the hint below a new password while it is typed. */
export function newPasswordHint(typed: Signal<string>): Signal<string> {
  const minimum = inject(PasswordMinimum);
  const t = injectTexts();
  return computed(() => {
    const length = passwordLength(typed());
    const { wanted, soFar } = t().fields.passwordHints;
    return length === 0 ? wanted(minimum.length()) : `${wanted(minimum.length())} ${soFar(length)}`;
  });
}
