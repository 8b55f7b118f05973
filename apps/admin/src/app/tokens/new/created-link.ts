import {
  afterNextRender,
  ChangeDetectionStrategy,
  Component,
  computed,
  ElementRef,
  inject,
  input,
  model,
} from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import type { OfferDto } from '@latchkey/auth-models';
import { Language } from '../../core/language';
import { claimExpiry, ClaimFacts } from '../../shared/tokens/claim-facts';
import { CopyButton } from '../../shared/ui/copy-button';

/** A claim link, which is shown once, and the token that its recipient gets. */
@Component({
  selector: 'app-created-link',
  imports: [ClaimFacts, CopyButton, MatButton, RouterLink],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <h1 tabindex="-1">{{ t().offers.created.heading }}</h1>
    <p class="quiet">{{ t().offers.created.text(created().user) }}</p>
    @if (clipped(); as clipped) {
      <p class="notice" role="status">{{ clipped }}</p>
    }
    <div class="code-box row between">
      <code>{{ created().link }}</code>
      <app-copy-button
        isMain
        [text]="created().link ?? ''"
        [caption]="t().offers.created.copy"
        (copied)="isCopied.set(true)"
      />
    </div>
    <section class="card">
      <h2 class="card-title">{{ t().offers.created.gets }}</h2>
      <app-claim-facts [claim]="created()" />
    </section>
    <a
      [matButton]="isCopied() ? 'filled' : 'tonal'"
      [routerLink]="['/users', created().user]"
      [queryParams]="{ tab: 'tokens' }"
      >{{ t().common.done }}</a
    >
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
    .row,
    section {
      justify-self: stretch;
    }
    h2 {
      margin-bottom: 12px;
    }
    code {
      min-width: 0;
      color: var(--mat-sys-on-surface);
      font: 500 15px/1.5 var(--app-mono);
      overflow-wrap: anywhere;
      user-select: all;
    }
  `,
})
export class CreatedLink {
  private readonly language = inject(Language);

  readonly created = input.required<OfferDto>();
  readonly isCopied = model.required<boolean>();

  protected readonly t = this.language.texts;
  /** Notice that the server shortened the requested expiry, the only warning there is. */
  protected readonly clipped = computed(() => {
    const hasWarnings = (this.created().warnings ?? []).length > 0;
    return hasWarnings ? this.t().newToken.expiry.clipped(claimExpiry(this.created(), this.language)) : null;
  });

  constructor() {
    const host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
    afterNextRender(() => host.querySelector('h1')?.focus());
  }
}
