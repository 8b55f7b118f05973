import {
  ChangeDetectionStrategy,
  Component,
  computed,
  effect,
  inject,
  input,
  untracked,
} from '@angular/core';
import { injectTexts } from '../../core/language';
import { loaded } from '../../shared/loaded';
import { Now } from '../../shared/time/now';
import { isInGrace, tokenPath } from '../../shared/tokens/token';
import { BackLink } from '../../shared/ui/back-link';
import { ErrorState } from '../../shared/ui/error-state';
import { RawJson } from '../../shared/ui/raw-json';
import { StaleNotice } from '../../shared/ui/stale-notice';
import { TokensApi } from '../tokens-api';
import { TokenFacts } from './token-facts';
import { TokenHeader } from './token-header';
import { TokenRotation } from './token-rotation';
import { TokenUsage } from './token-usage';

/** One token: whose it is, what it may do, who uses it, and what can be done about it. */
@Component({
  selector: 'app-token-page',
  imports: [BackLink, StaleNotice, ErrorState, RawJson, TokenFacts, TokenHeader, TokenRotation, TokenUsage],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './token-page.html',
  styleUrl: './token-page.scss',
})
export class TokenPage {
  private readonly api = inject(TokensApi);

  /** The token's id, from the address. */
  readonly id = input.required<string>();

  protected readonly t = injectTexts();
  protected readonly token = loaded(
    () => this.id(),
    (id) => this.api.get(id),
  );
  private readonly now = inject(Now).value;
  protected readonly path = computed(() => tokenPath(this.id()));

  constructor() {
    // Whoever waits for the last straggler sees the page tell it, minute by minute.
    effect(() => {
      const now = this.now();
      untracked(() => {
        if (isInGrace(this.token.value()?.superseded, now)) {
          this.token.reload();
        }
      });
    });
  }
}
