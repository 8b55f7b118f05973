import { ChangeDetectionStrategy, Component, computed, inject, input, output, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import type { AddressUseDto, UserTokenDto } from '@latchkey/auth-models';
import { ADDRESSES_PER_TOKEN_MAX } from '@latchkey/auth-models/lists';
import { firstValueFrom } from 'rxjs';
import { Language } from '../../core/language';
import { attempt, Notifier } from '../../core/notifier';
import { confirmed } from '../../shared/dialogs/confirm';
import { exactTime } from '../../shared/time/format-time';
import { isLive } from '../../shared/tokens/token';
import { TokenChanges } from '../../shared/tokens/token-changes';
import { Icon } from '../../shared/ui/icon';
import { Fact } from '../../shared/ui/page';
import { editToken } from '../page/edit-token';
import { reportersOf } from '../page/usage-days';
import { TokensApi } from '../tokens-api';
import { limitsOf } from './limits-form';

/** Limits on the use of a token, and its metadata. Users who may change the token can edit them. */
@Component({
  selector: 'app-token-limits',
  imports: [Fact, Icon, MatButton],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div class="row between">
      <h2 class="card-title">{{ t().limits.heading }}</h2>
      @if (canChange()) {
        <div class="row">
          @if (canRestrict()) {
            <button matButton type="button" disabledInteractive [disabled]="isBusy()" (click)="restrict()">
              {{ t().limits.restrict }}
            </button>
          }
          <button
            matButton="tonal"
            type="button"
            [attr.aria-label]="t().home.actions.of(t().common.change, t().limits.heading)"
            (click)="edit()"
          >
            <app-icon matButtonIcon name="edit" />{{ t().common.change }}
          </button>
        </div>
      }
    </div>
    @if (hasNone()) {
      <p class="quiet">{{ t().limits.none }}</p>
    } @else {
      <dl class="facts">
        @if (token().allowedAddresses; as addresses) {
          <div [appFact]="t().limits.addresses">
            @for (address of addresses; track address) {
              <code>{{ address }}</code>
            } @empty {
              {{ t().common.none }}
            }
          </div>
        }
        @if (token().rateLimit; as rate) {
          <div [appFact]="t().limits.rate">{{ rate.limit }} {{ t().limits.per(rate.windowSeconds) }}</div>
        }
        @if (token().maxUses; as uses) {
          <div [appFact]="t().limits.maxUses">
            {{ uses }}
            <span class="second-line">{{ t().limits.left(token().usesLeft ?? 0) }}</span>
          </div>
        }
        @if (notBefore(); as instant) {
          <div [appFact]="t().limits.notBefore">{{ instant }}</div>
        }
      </dl>
      @if (metadata(); as text) {
        <h3 class="small-title">{{ t().limits.metadata }}</h3>
        <pre class="code-box" tabindex="0">{{ text }}</pre>
      }
    }
  `,
  styles: `
    .facts {
      margin-top: var(--space-2);
    }
    code {
      display: block;
    }
    h3 {
      margin: var(--space-4) 0 var(--space-1);
    }
  `,
})
export class TokenLimits {
  private readonly api = inject(TokensApi);
  private readonly changes = inject(TokenChanges);
  private readonly dialog = inject(MatDialog);
  private readonly language = inject(Language);
  private readonly notifier = inject(Notifier);

  readonly token = input.required<UserTokenDto>();
  /** Addresses that the token was recently used from; empty until they are loaded. */
  readonly addresses = input<readonly AddressUseDto[]>([]);
  /** Emits the saved token. */
  readonly saved = output<UserTokenDto>();

  protected readonly t = this.language.texts;
  protected readonly isBusy = signal(false);
  protected readonly canChange = computed(() => isLive(this.token()) && this.changes.mayChange(this.token()));
  protected readonly hasNone = computed(() =>
    Object.values(limitsOf(this.token())).every((limit) => limit === null),
  );
  protected readonly notBefore = computed(() => {
    const { notBefore } = this.token();
    return notBefore === undefined ? null : exactTime(notBefore, this.language.tag());
  });
  protected readonly metadata = computed(() => {
    const { metadata } = this.token();
    return metadata === undefined ? null : JSON.stringify(metadata, null, 2);
  });
  private readonly used = computed(() =>
    [...new Set(this.addresses().map(({ address }) => address))].slice(0, ADDRESSES_PER_TOKEN_MAX),
  );
  /** Whether the token is not yet limited to the addresses that it was used from. */
  protected readonly canRestrict = computed(
    () =>
      this.used().length > 0 &&
      [...this.used()].sort().join() !== [...(this.token().allowedAddresses ?? [])].sort().join(),
  );

  /** Limits the token to the addresses that it was used from in the last 30 days, after a confirmation. */
  protected async restrict(): Promise<void> {
    const { question } = this.t().limits;
    const allowedAddresses = this.used();
    const reporters = reportersOf(this.addresses());
    const named = allowedAddresses.map((address) => {
      const names = reporters.get(address);
      return names === undefined ? address : `${address} (${this.t().tokenPage.use.reportedBy(names)})`;
    });
    const isConfirmed = await confirmed(this.dialog, {
      heading: question.heading(allowedAddresses.length),
      consequences: [
        named.join(', '),
        question.text,
        ...(allowedAddresses.length >= ADDRESSES_PER_TOKEN_MAX
          ? [question.many(ADDRESSES_PER_TOKEN_MAX)]
          : []),
      ],
      action: question.action,
    });
    if (!isConfirmed) {
      return;
    }
    const { id, version } = this.token();
    const save = async () => {
      this.saved.emit(await firstValueFrom(this.api.update(id, { allowedAddresses }, version)));
      this.notifier.success(this.t().tokenPage.saved);
    };
    await attempt(this.notifier, save, this.isBusy);
  }

  protected async edit(): Promise<void> {
    const saved = await editToken(this.dialog, this.token(), 'limits');
    if (saved) {
      this.notifier.success(this.t().tokenPage.saved);
      this.saved.emit(saved);
    }
  }
}
