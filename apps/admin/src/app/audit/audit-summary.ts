import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { Icon } from '../shared/ui/icon';
import type { AuditChange } from './audit-changes';

/** What an entry of the audit trail came to, in one line. */
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
  styleUrl: './audit-summary.scss',
})
export class AuditSummary {
  readonly changes = input.required<readonly AuditChange[]>();

  protected readonly text = computed(() =>
    this.changes()
      .map(({ member, before, after }) => `${member}: ${before === null ? '' : `${before} → `}${after}`)
      .join(' · '),
  );
}
