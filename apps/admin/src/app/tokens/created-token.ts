import {
  afterNextRender,
  ChangeDetectionStrategy,
  Component,
  computed,
  ElementRef,
  inject,
  input,
  signal,
  type WritableSignal,
} from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { RouterLink } from '@angular/router';
import type { UserTokenDto } from '@latchkey/auth-models';
import { injectTexts, Language } from '../core/language';
import { confirmed } from '../shared/dialogs/confirm';
import { warnBeforeUnload } from '../shared/leave-guard';
import { exactTime } from '../shared/time/format-time';
import { SecretPanel } from '../shared/tokens/secret-panel';

/** A created or rotated token whose secret a page shows once. */
export interface OneTimeSecret {
  /** The response with the secret; `null` until it arrives. */
  readonly token: WritableSignal<UserTokenDto | null>;
  readonly isCopied: WritableSignal<boolean>;
  /** Whether the user may leave the page. Asks for confirmation if the secret was not copied. */
  mayLeave(): boolean | Promise<boolean>;
}

/** Holds the one-time secret of a page and guards the page against being left before the secret is copied. */
export function oneTimeSecret(): OneTimeSecret {
  const dialog = inject(MatDialog);
  const t = injectTexts();
  const token = signal<UserTokenDto | null>(null);
  const isCopied = signal(false);
  warnBeforeUnload(() => token() !== null && !isCopied());

  return {
    token,
    isCopied,
    mayLeave: () => {
      const { heading, text, action } = t().tokens.secret.leave;
      return token() === null || isCopied() || confirmed(dialog, { heading, consequences: [text], action });
    },
  };
}

/** Result of creating or rotating a token: its secret and expiry. */
@Component({
  selector: 'app-created-token',
  imports: [MatButton, RouterLink, SecretPanel],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (secret().token(); as token) {
      <h1 tabindex="-1">{{ heading() }}</h1>
      <p class="quiet">{{ t().newToken.created.text(token.user) }} {{ expiry() }}</p>
      @if (clipped(); as clipped) {
        <p class="notice" role="status">{{ clipped }}</p>
      }
      <app-secret-panel [token]="token" (copied)="secret().isCopied.set(true)" />
      <a [matButton]="secret().isCopied() ? 'filled' : 'tonal'" [routerLink]="['/tokens', token.id]">{{
        t().common.done
      }}</a>
    }
  `,
  styles: `
    :host {
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      justify-items: start;
      gap: 16px;
    }
    .quiet {
      margin-top: -12px;
    }
    app-secret-panel {
      justify-self: stretch;
    }
  `,
})
export class CreatedToken {
  private readonly language = inject(Language);

  readonly secret = input.required<OneTimeSecret>();
  readonly heading = input.required<string>();

  protected readonly t = this.language.texts;
  private readonly expiryTime = computed(() => {
    const expirationTime = this.secret().token()?.expirationTime;
    return expirationTime === undefined ? null : exactTime(expirationTime, this.language.tag()).long;
  });
  protected readonly expiry = computed(() => {
    const { expires, neverExpires } = this.t().newToken.created;
    const time = this.expiryTime();
    return time === null ? neverExpires : expires(time);
  });
  /** Notice that the server shortened the requested expiry, the only warning there is. */
  protected readonly clipped = computed(() => {
    const hasWarnings = (this.secret().token()?.warnings ?? []).length > 0;
    return hasWarnings ? this.t().newToken.expiry.clipped(this.expiryTime() ?? '') : null;
  });

  constructor() {
    const host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
    afterNextRender(() => host.querySelector('h1')?.focus());
  }
}
