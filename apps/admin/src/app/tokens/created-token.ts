import {
  afterNextRender,
  ChangeDetectionStrategy,
  Component,
  computed,
  ElementRef,
  inject,
  input,
} from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import { Language } from '../core/language';
import { exactTime } from '../shared/time/format-time';
import type { OneTimeSecret } from '../shared/tokens/one-time-secret';
import { SecretPanel } from '../shared/tokens/secret-panel';

/** Result of creating or rotating a token: its secret and expiry. */
@Component({
  selector: 'app-created-token',
  imports: [MatButton, RouterLink, SecretPanel],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (secret().token(); as token) {
      <h1 tabindex="-1">{{ heading() }}</h1>
      @if (token.kind === 'canary') {
        <p class="quiet">{{ t().newToken.canary.place }}</p>
      } @else {
        <p class="quiet">{{ t().newToken.created.text(token.user) }} {{ expiry() }}</p>
      }
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
    return expirationTime === undefined ? null : exactTime(expirationTime, this.language.tag(), 'long');
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
