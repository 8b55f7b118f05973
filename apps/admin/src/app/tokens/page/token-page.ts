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
import { BackLink } from '../../shared/back-link';
import { loaded } from '../../shared/loaded';
import { Now } from '../../shared/now';
import { OutOfDate } from '../../shared/out-of-date';
import { ProblemFace } from '../../shared/problem-face';
import { RawJson } from '../../shared/raw-json';
import { isInGrace } from '../../shared/tokens/grace';
import { tokenPath } from '../../shared/tokens/token-path';
import { TokensApi } from '../tokens-api';
import { TokenFacts } from './token-facts';
import { TokenHead } from './token-head';
import { TokenRotation } from './token-rotation';
import { TokenUseHistory } from './token-use-history';

/** One token: whose it is, what it may do, who uses it, and what can be done about it. */
@Component({
  selector: 'app-token-page',
  imports: [BackLink, OutOfDate, ProblemFace, RawJson, TokenFacts, TokenHead, TokenRotation, TokenUseHistory],
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
