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
import type { OfferDto, UserTokenDto } from '@latchkey/auth-models';
import { Language } from '../core/language';
import { exactTime } from '../shared/time/format-time';
import { claimExpiry, ClaimFacts } from '../shared/tokens/claim-facts';
import { guardLeave } from '../shared/leave-guard';
import type { OneTimeSecret } from '../shared/tokens/one-time-secret';
import { SecretPanel } from '../shared/tokens/secret-panel';
import { CopyButton } from '../shared/ui/copy-button';
import { Icon } from '../shared/ui/icon';

/** A created token or claim link: its secret, which is shown once, and its expiry. */
@Component({
  selector: 'app-created-token',
  imports: [ClaimFacts, CopyButton, Icon, MatButton, RouterLink, SecretPanel],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <h1 tabindex="-1">{{ shown().heading }}</h1>
    <p class="quiet">{{ shown().text }}</p>
    @if (clipped(); as clipped) {
      <p class="notice" role="status">{{ clipped }}</p>
    }
    @if (token(); as token) {
      <app-secret-panel [token]="token" (copied)="secret().isCopied.set(true)" />
    }
    @if (offer(); as offer) {
      @if (offer.sentTo; as address) {
        <p class="notice plain" role="status"><app-icon name="done" />{{ t().mail.sent(address) }}</p>
      }
      @if (offer.sendError; as reason) {
        <p class="notice bad" role="alert">
          <app-icon name="alert" /><span>{{ t().mail.failed(reason) }}</span>
        </p>
      }
      <div class="code-box row between">
        <code>{{ offer.link }}</code>
        <app-copy-button
          isMain
          [text]="offer.link ?? ''"
          [caption]="t().lists.copyLink"
          (copied)="secret().isCopied.set(true)"
        />
      </div>
      <section class="card">
        <h2 class="card-title">{{ t().offers.created.gets }}</h2>
        <app-claim-facts [claim]="offer" />
      </section>
    }
    <a
      [matButton]="secret().isCopied() ? 'filled' : 'tonal'"
      [routerLink]="shown().path"
      [queryParams]="shown().parameters"
      >{{ t().common.done }}</a
    >
  `,
  styles: `
    :host {
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      justify-items: start;
      gap: var(--space-4);
    }
    .quiet {
      margin-top: calc(-1 * var(--space-3));
    }
    app-secret-panel,
    .row,
    section {
      justify-self: stretch;
    }
    h2 {
      margin-bottom: var(--space-3);
    }
  `,
})
export class CreatedToken {
  private readonly language = inject(Language);

  readonly secret = input.required<OneTimeSecret<UserTokenDto | OfferDto>>();

  protected readonly t = this.language.texts;
  protected readonly token = computed(() => {
    const created = this.secret().token();
    return created && 'tokenPreview' in created ? created : null;
  });
  protected readonly offer = computed(() => {
    const created = this.secret().token();
    return created && !('tokenPreview' in created) ? created : null;
  });
  private readonly expiry = computed(() => {
    const offer = this.offer();
    const time = this.token()?.expirationTime;
    return offer ? claimExpiry(offer, this.language) : time && exactTime(time, this.language.tag(), 'long');
  });
  protected readonly shown = computed(() => {
    const { newToken, offers } = this.t();
    const token = this.token();
    if (token === null) {
      const { user = '', sentTo } = this.offer() ?? {};
      const { heading, text, sentText } = offers.created;
      return {
        heading,
        text: sentTo === undefined ? text(user) : sentText,
        path: ['/users', user],
        parameters: { tab: 'tokens' },
      };
    }
    const path = ['/tokens', token.id];
    if (token.kind === 'canary') {
      return { heading: newToken.canary.created, text: newToken.canary.place, path };
    }
    const { heading, text, expires, neverExpires } = newToken.created;
    const expiry = this.expiry();
    return { heading, text: `${text(token.user)} ${expiry ? expires(expiry) : neverExpires}`, path };
  });
  /** Notice that the server shortened the requested expiry, the only warning there is. */
  protected readonly clipped = computed(() => {
    const hasWarnings = (this.secret().token()?.warnings ?? []).length > 0;
    return hasWarnings ? this.t().newToken.expiry.clipped(this.expiry() ?? '') : null;
  });

  constructor() {
    guardLeave(() => this.secret().mayLeave());
    const host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
    afterNextRender(() => host.querySelector('h1')?.focus());
  }
}
