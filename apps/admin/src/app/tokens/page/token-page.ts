import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { MatTabsModule } from '@angular/material/tabs';
import { RouterLink } from '@angular/router';
import type { UserTokenDto } from '@latchkey/auth-models';
import { interval } from 'rxjs';
import { injectTexts } from '../../core/language';
import { Session } from '../../core/session';
import { Activity } from '../../shared/activity/activity';
import { loaded } from '../../shared/loaded';
import { RecentRejections } from './recent-rejections';
import { isInGrace, isLive, isRenewable } from '../../shared/tokens/token';
import { BackLink } from '../../shared/ui/page';
import { LoadState, StaleNotice } from '../../shared/ui/states';
import { TokensApi } from '../tokens-api';
import { TokenLimits } from '../limits/token-limits';
import { TokenBanner } from './token-banner';
import { TokenFacts } from './token-facts';
import { TokenHeader } from './token-header';
import { TokenPermissions } from './token-permissions';
import { TokenRotation } from './token-rotation';
import { TokenUsage } from './token-usage';

/** Page of one token. */
@Component({
  selector: 'app-token-page',
  imports: [
    Activity,
    BackLink,
    LoadState,
    MatTabsModule,
    RecentRejections,
    RouterLink,
    StaleNotice,
    TokenBanner,
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
      <app-token-header
        [token]="shown"
        [opensResponse]="respond() !== undefined"
        (changed)="token.reload()"
        (saved)="token.set($event)"
      />
      <app-token-banner [token]="shown" />
      @if (hasHistory()) {
        <nav
          mat-tab-nav-bar
          mat-stretch-tabs="false"
          [attr.aria-label]="t().userPage.tabs.label"
          [tabPanel]="panel"
        >
          @for (name of tabs; track name) {
            <a
              mat-tab-link
              [active]="(tab() === 'history') === (name === 'history')"
              [routerLink]="[]"
              [queryParams]="{ tab: name === 'history' ? name : null }"
            >
              {{ t().tokenPage.tabs[name] }}
            </a>
          }
        </nav>
      }
      <mat-tab-nav-panel #panel>
        @if (hasHistory() && tab() === 'history') {
          <app-activity actorFilter="actorToken" [of]="shown" [sideNames]="t().tokenPage.historySides" />
        } @else {
          <div class="parts">
            @if (shown.superseded; as superseded) {
              <app-token-rotation
                class="card"
                [superseded]="superseded"
                [token]="shown"
                (changed)="token.reload()"
              />
            }
            <app-token-facts class="card" [token]="shown" />
            @if (hasPowers(shown)) {
              <app-token-permissions
                class="card"
                [grant]="grant()"
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
            }
            @if (shown.lastUsageTime || shown.superseded) {
              <app-token-usage class="card" [token]="shown" [usage]="usage" />
            }
            <app-recent-rejections class="card" [tokenId]="shown.id" />
          </div>
        }
      </mat-tab-nav-panel>
    } @else {
      <app-load-state [of]="token" [heading]="t().pages.token" />
    }
  `,
  styles: `
    app-token-banner:not(:empty) {
      margin-top: var(--space-4);
    }
    nav {
      margin-top: var(--space-5);
      border-bottom: 1px solid var(--mat-sys-outline-variant);
    }
    mat-tab-nav-panel {
      display: block;
      margin-top: var(--space-6);
    }
    .parts {
      display: grid;
      gap: var(--space-4);
    }
  `,
})
export class TokenPage {
  private readonly api = inject(TokensApi);
  private readonly session = inject(Session);

  /** Id of the token, from the URL. */
  readonly id = input.required<string>();
  /** Selected tab, from the URL. */
  readonly tab = input<string>();
  /** Permissions and roles to add to the token, from the URL. */
  readonly grant = input<string>();
  /** Query parameter that opens the response to a leak. */
  readonly respond = input<string>();

  protected readonly t = injectTexts();
  protected readonly tabs = ['details', 'history'] as const;
  protected readonly hasHistory = computed(() => this.session.can('audit:read'));
  protected readonly token = loaded(
    () => this.id(),
    (id) => this.api.get(id),
  );
  protected readonly usage = loaded(
    () => this.id(),
    (id) => this.api.usage(id),
  );
  /** Whether the token has roles, permissions and limits. Those of dead tokens have no effect. */
  protected readonly hasPowers = (token: UserTokenDto): boolean =>
    token.kind !== 'canary' && (isLive(token) || isRenewable(token));

  constructor() {
    // Reloads every minute during the grace period, to show the last use of the old secret.
    interval(60_000)
      .pipe(takeUntilDestroyed())
      .subscribe(() => {
        if (isInGrace(this.token.value()?.superseded, Date.now())) {
          this.token.reload();
        }
      });
  }

  /** Shows the saved token and reads the use of its permissions again. */
  protected finish(saved: UserTokenDto): void {
    this.token.set(saved);
    this.usage.reload();
  }
}
