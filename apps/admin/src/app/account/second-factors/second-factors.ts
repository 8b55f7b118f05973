import { HttpClient } from '@angular/common/http';
import {
  ChangeDetectionStrategy,
  Component,
  computed,
  DOCUMENT,
  inject,
  output,
  signal,
  type Type,
} from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import type {
  NewTotpDto,
  RecoveryCodesDto,
  SecondFactorDto,
  SecondFactorListDto,
} from '@latchkey/auth-models';
import { firstValueFrom } from 'rxjs';
import { injectTexts } from '../../core/language';
import { attempt, Notifier } from '../../core/notifier';
import { supportsPasskeys } from '../../core/passkeys';
import { confirmed } from '../../shared/dialogs/confirm';
import { focusOrigin } from '../../shared/focus';
import { KeepFocus } from '../../shared/keep-focus';
import { loaded } from '../../shared/loaded';
import { Time } from '../../shared/time/time';
import { Icon, type IconName } from '../../shared/ui/icon';
import { LoadState } from '../../shared/ui/states';
import { AddAuthenticator, type AddOutcome } from './add-authenticator';
import { AddPasskey } from './add-passkey';
import { NewRecoveryCodes } from './new-recovery-codes';

/** Number of unused recovery codes below which the user should create new ones. */
const FEW_CODES = 3;

const ICONS: Record<SecondFactorDto['kind'], IconName> = { totp: 'shield', passkey: 'key' };

/** Second factors and recovery codes of the signed-in user. */
@Component({
  selector: 'app-second-factors',
  imports: [Icon, KeepFocus, LoadState, MatButton, Time],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { class: 'card', role: 'region', 'aria-labelledby': 'second-factors' },
  template: `
    <header class="row between">
      <div>
        <h2 id="second-factors" class="section-title">{{ t().factors.heading }}</h2>
        <p class="second-line">{{ hasFactors() ? t().factors.lead : t().factors.none }}</p>
      </div>
      <button matButton="tonal" type="button" disabledInteractive [disabled]="isBusy()" (click)="addTotp()">
        <app-icon matButtonIcon name="plus" />{{ t().factors.add.totp }}
      </button>
      @if (hasPasskeys) {
        <button
          matButton="tonal"
          type="button"
          disabledInteractive
          [disabled]="isBusy()"
          (click)="addPasskey()"
        >
          <app-icon matButtonIcon name="plus" />{{ t().factors.passkey.open }}
        </button>
      }
    </header>
    @if (list.value(); as value) {
      <ul class="divided" appKeepFocus aria-labelledby="second-factors">
        @for (factor of value.items; track factor.id) {
          <li>
            <app-icon [name]="icons[factor.kind]" />
            <span class="name">
              <strong
                ><bdi>{{ nameOf(factor) }}</bdi></strong
              >
              <span class="second-line">
                @if (factor.name) {
                  {{ t().factors.kinds[factor.kind] }} ·
                }
                {{ t().factors.added }} <app-time [instant]="factor.creationTime" /> ·
                {{ t().factors.lastUsed }} <app-time [instant]="factor.lastUsedTime" />
              </span>
            </span>
            <button
              matButton
              type="button"
              data-row
              disabledInteractive
              [attr.aria-label]="t().factors.remove.of(nameOf(factor))"
              [disabled]="isBusy()"
              (click)="remove(factor)"
            >
              {{ t().factors.remove.action }}
            </button>
          </li>
        }
        @if (hasFactors()) {
          <li>
            <app-icon name="audit" />
            <span class="name">
              <strong>{{ t().factors.codes.label }}</strong>
              <span class="second-line">
                {{ t().factors.codes.left(value.recoveryCodes) }}
                @if (areFew()) {
                  · <span class="few">{{ t().factors.codes.few }}</span>
                }
              </span>
            </span>
            <button matButton type="button" disabledInteractive [disabled]="isBusy()" (click)="renewCodes()">
              {{ t().factors.codes.renew.action }}
            </button>
          </li>
        }
      </ul>
    } @else {
      <app-load-state [of]="list" />
    }
  `,
  styles: `
    header {
      align-items: flex-start;
    }
    header > div {
      flex: 1 1 260px;
    }
    ul:not(:empty) {
      margin-top: var(--space-3);
    }
    li {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 0 var(--space-4);
      padding: var(--space-3) 0;
    }
    li > app-icon {
      color: var(--mat-sys-on-surface-variant);
    }
    .name {
      flex: 1 1 170px;
      min-width: 0;
      overflow-wrap: anywhere;
    }
    li > button {
      margin-left: auto;
    }
    .few {
      color: var(--app-accent);
      font-weight: 550;
    }
  `,
})
export class SecondFactors {
  private readonly http = inject(HttpClient);
  private readonly dialog = inject(MatDialog);
  private readonly notifier = inject(Notifier);

  /** Emits after a second factor was added. */
  readonly added = output();

  protected readonly t = injectTexts();
  protected readonly icons = ICONS;
  protected readonly hasPasskeys = supportsPasskeys(inject(DOCUMENT));
  protected readonly isBusy = signal(false);
  protected readonly list = loaded(
    () => 'factors',
    () => this.http.get<SecondFactorListDto>('/me/second-factors'),
  );
  protected readonly hasFactors = computed(() => (this.list.value()?.items ?? []).length > 0);
  protected readonly areFew = computed(() => (this.list.value()?.recoveryCodes ?? 0) < FEW_CODES);

  protected addTotp(): Promise<void> {
    return this.change(async () => {
      const totp = await firstValueFrom(this.http.post<NewTotpDto>('/me/second-factors/totp', {}));
      return this.add(AddAuthenticator, totp, this.t().factors.add.added);
    });
  }

  protected addPasskey(): Promise<void> {
    return this.change(() => this.add(AddPasskey, null, this.t().factors.passkey.added));
  }

  protected nameOf({ name, kind }: SecondFactorDto): string {
    return name ?? this.t().factors.kinds[kind];
  }

  protected async remove(factor: SecondFactorDto): Promise<void> {
    const { heading, text, last, action, done } = this.t().factors.remove;
    const isLast = this.list.value()?.items.length === 1;
    const question = { heading, subject: this.nameOf(factor), consequences: [isLast ? last : text], action };
    if (await confirmed(this.dialog, question)) {
      await this.change(async () => {
        await firstValueFrom(this.http.delete(`/me/second-factors/${factor.id}`));
        return done;
      });
    }
  }

  protected async renewCodes(): Promise<void> {
    const { heading, text, action } = this.t().factors.codes.renew;
    if (await confirmed(this.dialog, { heading, consequences: [text], action })) {
      await this.change(async () => {
        const { codes } = await firstValueFrom(this.http.post<RecoveryCodesDto>('/me/recovery-codes', {}));
        await this.open(NewRecoveryCodes, codes);
        return null;
      });
    }
  }

  private open<C, R = unknown>(dialog: Type<C>, data: unknown): Promise<R | undefined> {
    const opened = this.dialog.open<C, unknown, R>(dialog, {
      data,
      width: '520px',
      panelClass: 'app-sheet',
      autoFocus: 'input[autocomplete="one-time-code"], app-add-passkey input',
      restoreFocus: focusOrigin(),
    });
    return firstValueFrom(opened.afterClosed());
  }

  /** Opens a dialog that adds a factor. Returns the message, if the dialog has shown none. */
  private async add<C>(dialog: Type<C>, data: unknown, message: string): Promise<string | null> {
    const outcome = await this.open<C, AddOutcome>(dialog, data);
    if (outcome !== undefined) {
      this.added.emit();
    }
    return outcome === 'added' ? message : null;
  }

  /** Makes a change, reports what it returns, and loads the list again. */
  private async change(make: () => Promise<string | null>): Promise<void> {
    await attempt(
      this.notifier,
      async () => {
        const done = await make();
        if (done !== null) {
          this.notifier.success(done);
        }
      },
      this.isBusy,
    );
    this.list.reload();
  }
}
