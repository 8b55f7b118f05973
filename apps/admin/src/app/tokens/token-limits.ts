import { computed, inject, Injectable } from '@angular/core';
import { Session } from '../core/session';
import { loaded } from '../shared/loaded';
import { TokensApi } from './tokens-api';

/** How long API tokens may live, as far as the person may know it; where they may not, the server has the last word. */
@Injectable()
export class TokenLimits {
  private readonly api = inject(TokensApi);
  private readonly session = inject(Session);
  private readonly settings = loaded(
    () => (this.session.can('settings:read') ? 'settings' : null),
    () => this.api.settings(),
  );

  /** The longest life in seconds; `null` = not known. */
  readonly maxSeconds = computed(() => this.number('LATCHKEY_API_TOKEN_MAX_SECONDS'));
  /** Whether a token may have no end; so until it is known that it may not. */
  readonly mayBeEndless = computed(() => this.value('LATCHKEY_API_TOKEN_NO_EXPIRY') !== 'false');

  private value(name: string): string | undefined {
    return this.settings.value()?.items.find((setting) => setting.name === name)?.value;
  }

  private number(name: string): number | null {
    const value = this.value(name);
    return value === undefined ? null : Number(value);
  }
}
