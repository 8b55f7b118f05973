import { ChangeDetectionStrategy, Component, computed, inject, input, output } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import type { SupersededSecretDto, UserTokenDto } from '@latchkey/auth-models';
import { firstValueFrom } from 'rxjs';
import { Language } from '../../core/language';
import { attempt, Notifier } from '../../core/notifier';
import { confirmed } from '../../shared/dialogs/confirm';
import { exactTime, relativeTime } from '../../shared/time/format-time';
import { Now } from '../../shared/time/now';
import { Time } from '../../shared/time/time';
import { isInGrace, isLive } from '../../shared/tokens/token';
import { TokenChanges } from '../../shared/tokens/token-changes';
import { Icon } from '../../shared/ui/icon';
import { Fact } from '../../shared/ui/page';
import { TokensApi } from '../tokens-api';

/** Time without use after which the old secret counts as idle. */
const IDLE_MILLISECONDS = 86_400_000;

/**
 * Use of the secret from before a rotation: never since then, none for a day, recent; or, once it has
 * expired, none in its last day or a late use by a client that may be rejected now.
 */
export type OldSecretUse = 'unused' | 'idle' | 'used' | 'expired' | 'lateUse';

/** Classifies the use of the secret from before a rotation. */
export function oldSecretUse(superseded: SupersededSecretDto, now: number): OldSecretUse {
  const { lastUsageTime, until } = superseded;
  const isExpired = !isInGrace(superseded, now);
  if (lastUsageTime === undefined) {
    return isExpired ? 'expired' : 'unused';
  }
  const end = isExpired ? Date.parse(until) : now;
  const isIdle = end - Date.parse(lastUsageTime) >= IDLE_MILLISECONDS;
  if (isExpired) {
    return isIdle ? 'expired' : 'lateUse';
  }
  return isIdle ? 'idle' : 'used';
}

/** Expiry and use of the secret from before a rotation. */
@Component({
  selector: 'app-token-rotation',
  imports: [Fact, Icon, MatButton, Time],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div class="row between">
      <h2 class="card-title">{{ t().tokenPage.rotation.heading }}</h2>
      @if (canRevoke()) {
        <button matButton="tonal" type="button" (click)="revoke()">
          {{ t().tokenPage.rotation.revoke }}
        </button>
      }
    </div>
    <p class="verdict" role="status" [attr.data-use]="verdict().use">
      <app-icon [name]="verdict().icon" />
      <span>
        <strong>{{ verdict().text }}</strong>
        {{ verdict().more }} {{ until() }}
      </span>
    </p>
    @if (superseded().uses > 0) {
      <dl class="facts">
        <div [appFact]="t().tokenPage.rotation.uses">{{ uses() }}</div>
        <div [appFact]="t().tokenPage.rotation.lastUse">
          <app-time focusable [instant]="superseded().lastUsageTime" />
        </div>
        <div [appFact]="t().tokenPage.use.place.address">
          {{ superseded().lastUsageAddress ?? '–' }}
          @if (superseded().lastUsageReportedBy; as name) {
            <span class="second-line"
              ><bdi>{{ t().tokenPage.use.reportedBy(name) }}</bdi></span
            >
          }
        </div>
        <div [appFact]="t().tokenPage.use.place.agent">
          <bdi>{{ superseded().lastUsageAgent ?? '–' }}</bdi>
        </div>
      </dl>
    }
  `,
  styles: `
    .verdict {
      display: flex;
      gap: var(--space-3);
      margin-top: var(--space-2);
    }
    app-icon {
      color: var(--app-good);
    }
    [data-use='unused'] app-icon {
      color: inherit;
    }
    [data-use='used'] app-icon,
    [data-use='lateUse'] app-icon {
      color: var(--app-accent);
    }
    .facts {
      margin-top: var(--space-4);
    }
  `,
})
export class TokenRotation {
  private readonly language = inject(Language);
  private readonly now = inject(Now).value;
  private readonly api = inject(TokensApi);
  private readonly changes = inject(TokenChanges);
  private readonly dialog = inject(MatDialog);
  private readonly notifier = inject(Notifier);

  readonly token = input.required<UserTokenDto>();
  readonly superseded = input.required<SupersededSecretDto>();
  /** The old secret may have been revoked. */
  readonly changed = output();

  protected readonly t = this.language.texts;
  protected readonly uses = computed(() =>
    new Intl.NumberFormat(this.language.tag()).format(this.superseded().uses),
  );
  protected readonly verdict = computed(() => {
    const { lastUsageTime, lastUsageAddress } = this.superseded();
    const texts = this.t().tokenPage.rotation;
    const use = oldSecretUse(this.superseded(), this.now());
    const address = lastUsageAddress ?? texts.somewhere;
    const when = this.relative(lastUsageTime);
    switch (use) {
      case 'unused':
        // Not good news yet, because clients that run once a day or week may not have run since.
        return { use, icon: 'clock', text: texts.unused, more: texts.rarely } as const;
      case 'idle':
        return { use, icon: 'done', text: texts.idle(when), more: '' } as const;
      case 'used':
        return { use, icon: 'alert', text: texts.used(when, address), more: '' } as const;
      case 'expired':
        return { use, icon: 'done', text: texts.expired, more: '' } as const;
      case 'lateUse':
        return {
          use,
          icon: 'alert',
          text: `${texts.expired} ${texts.lateUse(when, address)}`,
          more: '',
        } as const;
    }
  });
  protected readonly until = computed(() => {
    const { until } = this.superseded();
    const texts = this.t().tokenPage.rotation;
    const exact = exactTime(until, this.language.tag());
    return isInGrace(this.superseded(), this.now())
      ? texts.until(exact, this.relative(until))
      : texts.workedUntil(exact);
  });

  protected readonly canRevoke = computed(
    () =>
      isInGrace(this.superseded(), this.now()) &&
      isLive(this.token()) &&
      this.changes.mayChange(this.token()),
  );

  protected async revoke(): Promise<void> {
    const { revokeQuestion, revoked } = this.t().tokenPage.rotation;
    const { heading, text } = revokeQuestion;
    const { revoke: action } = this.t().tokens.revocation;
    if (!(await confirmed(this.dialog, { heading, consequences: [text], action }))) {
      return;
    }
    await attempt(this.notifier, async () => {
      this.notifier.revoked(revoked, await firstValueFrom(this.api.revokeSuperseded(this.token().id)));
    });
    this.changed.emit();
  }

  private relative(instant: string | undefined): string {
    return instant === undefined
      ? ''
      : relativeTime(Date.parse(instant), this.now(), this.language.tag(), this.t());
  }
}
