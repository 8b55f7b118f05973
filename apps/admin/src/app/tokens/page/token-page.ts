import {
  ChangeDetectionStrategy,
  Component,
  computed,
  effect,
  inject,
  input,
  untracked,
} from '@angular/core';
import type { UserTokenDto } from '@latchkey/auth-models';
import { injectTexts } from '../../core/language';
import { loaded } from '../../shared/loaded';
import { RecentRejections } from '../../shared/rejections/recent-rejections';
import { Now } from '../../shared/time/now';
import { isInGrace, tokenPath } from '../../shared/tokens/token';
import { BackLink } from '../../shared/ui/page';
import { RawJson } from '../../shared/ui/raw-json';
import { ErrorState, StaleNotice } from '../../shared/ui/states';
import { TokensApi } from '../tokens-api';
import { TokenLimits } from '../limits/token-limits';
import { TokenFacts } from './token-facts';
import { TokenHeader } from './token-header';
import { TokenPermissions } from './token-permissions';
import { TokenRotation } from './token-rotation';
import { TokenUsage } from './token-usage';

/** Page of one token. */
@Component({
  selector: 'app-token-page',
  imports: [
    BackLink,
    StaleNotice,
    ErrorState,
    RawJson,
    RecentRejections,
    TokenFacts,
    TokenHeader,
    TokenLimits,
    TokenPermissions,
    TokenRotation,
    TokenUsage,
  ],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <app-back-link to="/tokens">{{ t().tokenPage.back }}</app-back-link>

    @if (token.value(); as shown) {
      @if (token.problem(); as problem) {
        <app-stale-notice [problem]="problem" (retry)="token.reload()" />
      }
      <app-token-header [token]="shown" (changed)="token.reload()" (saved)="token.set($event)" />
      <div class="parts">
        @if (shown.superseded; as superseded) {
          <app-token-rotation class="card" [superseded]="superseded" />
        }
        <app-token-facts class="card" [token]="shown" />
        <app-token-permissions
          class="card"
          [token]="shown"
          [uses]="usage.value()?.permissions ?? []"
          (saved)="finish($event)"
        />
        <app-token-limits
          class="card"
          [token]="shown"
          [addresses]="usage.value()?.addresses ?? []"
          (saved)="token.set($event)"
        />
        <app-token-usage class="card" [token]="shown" [usage]="usage" />
        <app-recent-rejections class="card" [tokenId]="shown.id" />
        <details class="card">
          <summary>{{ t().tokenPage.raw }}</summary>
          <app-raw-json [path]="path()" [value]="shown" />
        </details>
      </div>
    } @else if (token.problem(); as problem) {
      <h1 class="visually-hidden" tabindex="-1">{{ t().pages.token }}</h1>
      <app-error-state [problem]="problem" (retry)="token.reload()" />
    } @else {
      <div class="waiting" aria-busy="true">
        <h1 class="visually-hidden" tabindex="-1">{{ t().pages.token }}</h1>
      </div>
    }
  `,
  styles: `
    .parts {
      display: grid;
      gap: 16px;
      margin-top: 28px;
    }
    summary {
      font-weight: 600;
      cursor: pointer;
    }
    app-raw-json {
      margin-top: 16px;
    }
  `,
})
export class TokenPage {
  private readonly api = inject(TokensApi);

  /** Id of the token, from the URL. */
  readonly id = input.required<string>();

  protected readonly t = injectTexts();
  protected readonly token = loaded(
    () => this.id(),
    (id) => this.api.get(id),
  );
  protected readonly usage = loaded(
    () => this.id(),
    (id) => this.api.usage(id),
  );
  private readonly now = inject(Now).value;
  protected readonly path = computed(() => tokenPath(this.id()));

  constructor() {
    // Reloads every minute during the grace period, to show the last use of the old secret.
    effect(() => {
      const now = this.now();
      untracked(() => {
        if (isInGrace(this.token.value()?.superseded, now)) {
          this.token.reload();
        }
      });
    });
  }

  /** Shows the saved token, and reads the use of its permissions again. */
  protected finish(saved: UserTokenDto): void {
    this.token.set(saved);
    this.usage.reload();
  }
}
