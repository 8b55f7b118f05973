import {
  inject,
  signal,
  type WritableSignal,
  ChangeDetectionStrategy,
  Component,
  computed,
  ElementRef,
  afterNextRender,
  input,
  model,
} from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { RouterLink } from '@angular/router';
import type { UserTokenDto } from '@latchkey/auth-models';
import { injectTexts, Language } from '../core/language';
import { confirmed } from '../shared/dialogs/confirm';
import { exactTime } from '../shared/time/format-time';
import { SecretPanel } from '../shared/tokens/secret-panel';

/** A token whose secret a page shows this one time. */
export interface OneTimeSecret {
  /** The answer with the secret; `null` until there is one. */
  readonly token: WritableSignal<UserTokenDto | null>;
  readonly isCopied: WritableSignal<boolean>;
  /** Whether the page may be left: asks while there is a secret that nobody copied. */
  mayLeave(): boolean | Promise<boolean>;
}

/** Keeps the page of a component from being left with a secret that nobody copied. */
export function oneTimeSecret(): OneTimeSecret {
  const dialog = inject(MatDialog);
  const t = injectTexts();
  const token = signal<UserTokenDto | null>(null);
  const isCopied = signal(false);

  return {
    token,
    isCopied,
    mayLeave: () => {
      const { heading, text, action } = t().tokens.secret.leave;
      return token() === null || isCopied() || confirmed(dialog, { heading, consequences: [text], action });
    },
  };
}

/** A token with its new secret, what the server made of the wish, and the way on. */
@Component({
  selector: 'app-created-token',
  imports: [MatButton, RouterLink, SecretPanel],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { '(window:beforeunload)': 'warn($event)' },
  template: `
    <h1 tabindex="-1">{{ heading() }}</h1>
    <p class="quiet">{{ t().tokens.newToken.created.text(token().user) }} {{ ends() }}</p>
    @if (clipped(); as clipped) {
      <p class="notice" role="status">{{ clipped }}</p>
    }
    <app-secret-panel [token]="token()" (copied)="isCopied.set(true)" />
    <a [matButton]="isCopied() ? 'filled' : 'tonal'" [routerLink]="['/tokens', token().id]">{{
      t().tokens.secret.done
    }}</a>
  `,
  styles: `
    :host {
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      justify-items: start;
      gap: 16px;
    }
    p {
      margin: -12px 0 0;
    }
    .notice {
      margin: 0;
    }
    app-secret-panel {
      justify-self: stretch;
    }
  `,
})
export class CreatedToken {
  private readonly language = inject(Language);

  /** The answer that made or rotated it. */
  readonly token = input.required<UserTokenDto>();
  readonly heading = input.required<string>();
  /** Whether its secret was copied, so that nothing is lost with the page. */
  readonly isCopied = model.required<boolean>();

  protected readonly t = this.language.texts;
  private readonly end = computed(() => {
    const { expirationTime } = this.token();
    return expirationTime === undefined ? null : exactTime(expirationTime, this.language.tag()).long;
  });
  protected readonly ends = computed(() => {
    const { ends, endless } = this.t().tokens.newToken.created;
    const end = this.end();
    return end === null ? endless : ends(end);
  });
  /** What of the wish was not done: the only wish that is clipped is that for an end. */
  protected readonly clipped = computed(() => {
    const isClipped = (this.token().warnings ?? []).length > 0;
    return isClipped ? this.t().tokens.newToken.end.clipped(this.end() ?? '') : null;
  });

  constructor() {
    const host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
    afterNextRender(() => host.querySelector('h1')?.focus());
  }

  protected warn(event: Event): void {
    if (!this.isCopied()) {
      event.preventDefault();
    }
  }
}
