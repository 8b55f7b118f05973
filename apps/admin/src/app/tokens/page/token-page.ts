import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { injectTexts } from '../../core/language';
import { Icon } from '../../shared/icon';
import { loaded } from '../../shared/loaded';
import { ProblemFace } from '../../shared/problem-face';
import { RawJson } from '../../shared/raw-json';
import { tokenPath, TokensApi } from '../tokens-api';
import { TokenFacts } from './token-facts';
import { TokenHead } from './token-head';
import { TokenRotation } from './token-rotation';
import { TokenUseHistory } from './token-use-history';

/** One token: whose it is, what it may do, who uses it, and what can be done about it. */
@Component({
  selector: 'app-token-page',
  imports: [Icon, ProblemFace, RawJson, RouterLink, TokenFacts, TokenHead, TokenRotation, TokenUseHistory],
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
  protected readonly path = computed(() => tokenPath(this.id()));
}
