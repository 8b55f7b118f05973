import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import type { ServerStateDto } from '@latchkey/auth-models';
import { Language } from '../core/language';
import { Now } from '../shared/time/now';
import { Time } from '../shared/time/time';
import { CopyButton } from '../shared/ui/copy-button';
import { Icon } from '../shared/ui/icon';
import { Fact } from '../shared/ui/page';

const DAY_MILLISECONDS = 86_400_000;
/** Backups run daily. An hour more, because each takes a while and may start late. */
const BACKUP_DUE_MILLISECONDS = DAY_MILLISECONDS + 3_600_000;
const VERIFICATION_DUE_MILLISECONDS = 30 * DAY_MILLISECONDS;

/** Last backup and last verification of the audit trail, with the command where one is due. */
@Component({
  selector: 'app-server-state',
  imports: [CopyButton, Fact, Icon, Time],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <dl class="card facts">
      <div [appFact]="t().settings.state.backup">
        @if (!state().knowsBackups) {
          <span>{{ t().settings.state.external }}</span>
        } @else {
          @if (state().lastBackup; as backup) {
            <span class="status" [class.due]="isBackupDue()">
              <app-icon [name]="isBackupDue() ? 'alert' : 'check'" />
              <app-time focusable [instant]="backup.time" />
            </span>
            @if (backup.bytes !== undefined) {
              <span class="second-line">{{ size(backup.bytes) }}</span>
            }
            <span class="second-line">
              <code>{{ backup.file }}</code>
            </span>
          } @else {
            <span class="status due"><app-icon name="alert" />{{ t().settings.state.noBackup }}</span>
          }
          @if (isBackupDue()) {
            <span class="command">
              <code>{{ backupCommand }}</code>
              <app-copy-button isCompact [text]="backupCommand" [caption]="t().settings.state.copy" />
            </span>
          }
        }
      </div>
      <div [appFact]="t().settings.state.audit">
        @if (state().lastAuditVerification; as verification) {
          <span class="status" [class.bad]="isBroken()">
            <app-icon [name]="isBroken() ? 'alert' : 'check'" />
            {{
              verification.problems > 0
                ? t().settings.state.problems(verification.problems)
                : verification.headDiffers
                  ? t().settings.state.headDiffers
                  : t().settings.state.intact(verification.entries)
            }}
          </span>
          <span class="second-line">
            {{ t().settings.state.verified }} <app-time focusable [instant]="verification.time" />
          </span>
        } @else {
          <span class="status due"><app-icon name="alert" />{{ t().settings.state.neverVerified }}</span>
        }
        @if (isVerificationDue()) {
          <span class="command">
            <code>{{ verifyCommand }}</code>
            <app-copy-button isCompact [text]="verifyCommand" [caption]="t().settings.state.copy" />
          </span>
        }
      </div>
    </dl>
  `,
  styles: `
    dl {
      grid-template-columns: repeat(auto-fit, minmax(260px, 1fr));
    }
    .status {
      display: flex;
      align-items: center;
      gap: var(--space-2);
      color: var(--app-good);
      font-weight: 550;
    }
    .due {
      color: inherit;
    }
    .bad {
      color: var(--mat-sys-error);
    }
    .command {
      display: flex;
      align-items: center;
      gap: var(--space-1);
    }
    code {
      overflow-wrap: anywhere;
    }
  `,
})
export class ServerState {
  private readonly language = inject(Language);
  private readonly now = inject(Now).value;

  readonly state = input.required<ServerStateDto>();

  protected readonly t = this.language.texts;
  protected readonly backupCommand = 'latchkey backup FILE';
  protected readonly verifyCommand = 'latchkey verify-audit';
  protected readonly isBackupDue = computed(() =>
    this.isOlder(this.state().lastBackup?.time, BACKUP_DUE_MILLISECONDS),
  );
  protected readonly isBroken = computed(() => {
    const last = this.state().lastAuditVerification;
    return last !== undefined && (last.problems > 0 || last.headDiffers === true);
  });
  protected readonly isVerificationDue = computed(() => {
    const last = this.state().lastAuditVerification;
    return !last || this.isBroken() || this.isOlder(last.time, VERIFICATION_DUE_MILLISECONDS);
  });

  protected size(bytes: number): string {
    const [value, unit] = bytes < 1_000_000 ? [bytes / 1_000, 'kilobyte'] : [bytes / 1_000_000, 'megabyte'];
    return new Intl.NumberFormat(this.language.tag(), {
      style: 'unit',
      unit,
      maximumFractionDigits: 1,
    }).format(value);
  }

  private isOlder(time: string | undefined, milliseconds: number): boolean {
    return time === undefined || this.now() - Date.parse(time) > milliseconds;
  }
}
