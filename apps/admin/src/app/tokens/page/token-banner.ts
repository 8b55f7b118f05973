import { HttpClient } from '@angular/common/http';
import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { AuditAction, AuditEventDto, CursorPageDto, UserTokenDto } from '@latchkey/auth-models';
import { map } from 'rxjs';
import { Language } from '../../core/language';
import { Session } from '../../core/session';
import { actorName } from '../../shared/audit-actor';
import { loaded } from '../../shared/loaded';
import { exactTime, relativeTime } from '../../shared/time/format-time';
import { Now } from '../../shared/time/now';
import { effectiveExpiry, isUsedCanary } from '../../shared/tokens/token';
import { Icon, type IconName } from '../../shared/ui/icon';

const DAY_MILLISECONDS = 86_400_000;

interface Banner {
  readonly icon: IconName;
  readonly tone: 'bad' | 'plain' | '';
  readonly text: string;
  /** Parameters of the list of rejections, if it shows more. */
  readonly rejections?: { readonly tokenId: string };
}

/** Shows why a token is not simply active: what happened to it, when, and who did it. */
@Component({
  selector: 'app-token-banner',
  imports: [Icon, RouterLink],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @for (banner of banners(); track $index) {
      <p class="notice" [class]="banner.tone">
        <app-icon [name]="banner.icon" />
        <span>
          {{ banner.text }}
          @if (banner.rejections; as rejections) {
            <a routerLink="/explanations" [queryParams]="rejections">{{ t().tokenPage.banner.explain }}</a>
          }
        </span>
      </p>
    }
  `,
  styles: `
    :host {
      display: grid;
      gap: var(--space-2);
    }
    span {
      min-width: 0;
      overflow-wrap: anywhere;
    }
    a {
      color: inherit;
      font-weight: 600;
    }
  `,
})
export class TokenBanner {
  private readonly http = inject(HttpClient);
  private readonly language = inject(Language);
  private readonly now = inject(Now).value;
  private readonly canSeeTrail = inject(Session).can('audit:read');

  readonly token = input.required<UserTokenDto>();

  protected readonly t = this.language.texts;
  private readonly revocation = this.lastEvent('authn_token_revoked', ({ state }) => state === 'revoked');
  private readonly leak = this.lastEvent(
    'authn_token_leaked',
    ({ leakReportTime, state }) => state === 'revoked' && leakReportTime !== undefined,
  );
  private readonly isRevokedByReport = computed(() => this.leak.value()?.after?.['effect'] === 'revoked');

  protected readonly banners = computed((): Banner[] =>
    [this.canaryUse(), this.leakReport(), this.ofState()].filter((banner) => banner !== null),
  );

  private canaryUse(): Banner | null {
    const { id, lastUsageTime, lastUsageAddress } = this.token();
    return isUsedCanary(this.token()) && lastUsageTime !== undefined
      ? {
          icon: 'alert',
          tone: 'bad',
          text: this.t().tokenPage.banner.canaryUsed(this.ago(lastUsageTime), lastUsageAddress),
          // The server keeps rejections for a day.
          ...(this.now() - Date.parse(lastUsageTime) < DAY_MILLISECONDS && { rejections: { tokenId: id } }),
        }
      : null;
  }

  private leakReport(): Banner | null {
    const { leakReportTime } = this.token();
    return leakReportTime === undefined
      ? null
      : {
          icon: 'alert',
          tone: 'bad',
          text: this.t().tokenPage.banner.leaked(this.ago(leakReportTime), this.isRevokedByReport()),
        };
  }

  private ofState(): Banner | null {
    const token = this.token();
    const { banner } = this.t().tokenPage;
    switch (token.state) {
      case 'active':
        return null;
      case 'expiring':
        return { icon: 'clock', tone: '', text: banner.expiring(this.ago(effectiveExpiry(token) ?? '')) };
      case 'pending':
        return { icon: 'clock', tone: 'plain', text: banner.pending(this.exact(token.notBefore ?? '')) };
      case 'disabled':
        return {
          icon: 'pause',
          tone: 'plain',
          text: token.enabled
            ? banner.ownerDisabled(token.user)
            : token.leakReportTime === undefined
              ? banner.disabled
              : banner.disabledAfterLeak,
        };
      case 'expired':
        return {
          icon: 'expired',
          tone: 'plain',
          text:
            token.usesLeft === 0 ? banner.usedUp : banner.expired(this.exact(effectiveExpiry(token) ?? '')),
        };
      case 'revoked':
        return this.isRevokedByReport() ? null : { icon: 'ban', tone: 'plain', text: this.revoked() };
    }
  }

  private revoked(): string {
    const {
      activity,
      tokenPage: { banner },
    } = this.t();
    const event = this.revocation.value();
    if (!event) {
      return banner.revoked;
    }
    const reason = event.after?.['reason'];
    return banner.revokedBy(
      event.actor ? actorName(event.actor, activity.server) : activity.unauthenticated,
      this.ago(event.time),
      typeof reason === 'string' ? reason : '',
    );
  }

  /** Loads the latest audit entry of an action on the token, if the user may see it. */
  private lastEvent(action: AuditAction, applies: (token: UserTokenDto) => boolean) {
    return loaded(
      () => (this.canSeeTrail && applies(this.token()) ? this.token().id : null),
      (subject) =>
        this.http
          .get<CursorPageDto<AuditEventDto>>('/audit-events', {
            params: { subject, action, outcome: 'success', size: 1 },
          })
          .pipe(map(({ items }) => items[0] ?? null)),
    );
  }

  private ago(instant: string): string {
    return relativeTime(Date.parse(instant), this.now(), this.language.tag(), this.t());
  }

  private exact(instant: string): string {
    return exactTime(instant, this.language.tag());
  }
}
