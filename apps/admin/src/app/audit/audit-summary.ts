import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { Icon } from '../shared/ui/icon';
import type { AuditChange } from './audit-changes';

@Component({
  selector: 'app-audit-summary',
  imports: [Icon],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { '[title]': 'text()' },
  template: `
    @for (change of changes(); track change.member) {
      <span class="change">
        <span>{{ change.member }}:</span>
        @if (change.before !== null) {
          <del>{{ change.before }}</del>
          <span class="visually-hidden">→</span>
          <app-icon name="arrowRight" />
        }
        <ins>{{ change.after }}</ins>
      </span>
    }
  `,
  styles: `
    :host {
      --app-icon-size: 14px;

      display: block;
      overflow: hidden;
      color: var(--mat-sys-on-surface-variant);
      font-size: 0.8125rem;
      line-height: 1.125rem;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    .change > * + * {
      margin-left: var(--space-2);
    }
    .change + .change {
      margin-left: var(--space-5);
    }
    app-icon {
      vertical-align: -2px;
    }
    ins {
      color: var(--mat-sys-on-surface);
      font-weight: 550;
      text-decoration: none;
    }
    @container (width < 50rem) {
      :host {
        overflow-wrap: anywhere;
        white-space: normal;
      }
      .change {
        display: block;
      }
      .change + .change {
        margin-left: 0;
      }
    }
  `,
})
export class AuditSummary {
  readonly changes = input.required<readonly AuditChange[]>();

  protected readonly text = computed(() =>
    this.changes()
      .map(({ member, before, after }) => `${member}: ${before === null ? '' : `${before} → `}${after}`)
      .join(' · '),
  );
}
