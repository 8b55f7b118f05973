import { ChangeDetectionStrategy, Component, computed } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatTooltip } from '@angular/material/tooltip';
import { AUDIT_ACTIONS, AUDIT_OUTCOMES, type AuditAction } from '@latchkey/auth-models/lists';
import { injectTexts } from '../core/language';
import { problemText } from '../core/problem';
import { FilterChip, type ListFilter } from '../shared/filters/filter-chip';
import { type ListPreset, ListPresets } from '../shared/filters/list-presets';
import { FormError } from '../shared/forms/submit';
import { ExportMenu } from '../shared/list/export-menu';
import { ListFrame } from '../shared/list/list-frame';
import { listState } from '../shared/list/list-state';
import { RowKeys } from '../shared/list/rows';
import { PageHeader } from '../shared/ui/page';
import { EmptyState } from '../shared/ui/states';
import { auditFeed } from './audit-feed';
import { AuditRow } from './audit-row';

const HOUR = 3_600_000;

/** Lengths of the periods, in hours. */
const PERIODS = { day: 24, week: 168, month: 720 } as const;

/** Actions of the quick filters. */
const PRESET_ACTIONS = {
  users: 'user_updated',
  roles: 'role_updated',
  tokensCreated: 'authn_token_created',
  tokensRevoked: 'authn_token_revoked',
} as const satisfies Record<string, AuditAction>;

const isText = (value: string): boolean => value.length > 0 && value.length <= 256;
const isInstant = (value: string): boolean => !Number.isNaN(Date.parse(value));

/** Page of the audit trail. */
@Component({
  selector: 'app-audit-list',
  imports: [
    AuditRow,
    ExportMenu,
    EmptyState,
    FilterChip,
    ListFrame,
    ListPresets,
    MatButton,
    MatTooltip,
    PageHeader,
    FormError,
    RowKeys,
  ],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './audit-list.html',
  styles: `
    .chips {
      gap: 8px;
    }
    .periods {
      margin-block: 8px 12px;
    }
    .dot {
      display: inline-block;
      width: 8px;
      height: 8px;
      margin-right: 8px;
      border: 2px solid var(--mat-sys-outline);
      border-radius: 50%;
    }
    .live[aria-pressed='true'] .dot {
      border-color: var(--app-good);
      background: var(--app-good);
    }
    .live.disconnected[aria-pressed='true'] .dot {
      border-color: var(--mat-sys-error);
      background: none;
    }
    .news {
      margin-bottom: 12px;
      color: var(--mat-sys-error);
    }
    app-form-error {
      margin-top: 20px;
    }
    .load-more {
      display: block;
      margin: 20px auto 0;
    }
    @media (min-width: 1100px) {
      .periods {
        margin-left: -12px;
      }
    }
  `,
})
export class AuditList {
  protected readonly t = injectTexts();
  protected readonly problemText = problemText;
  protected readonly state = listState({
    sortFields: [],
    defaultSort: '',
    filters: {
      action: AUDIT_ACTIONS,
      outcome: AUDIT_OUTCOMES,
      actor: isText,
      subject: isText,
      address: isText,
      traceId: isText,
      from: isInstant,
      to: isInstant,
    },
  });
  protected readonly feed = auditFeed(this.state);
  protected readonly periods = Object.keys(PERIODS) as (keyof typeof PERIODS)[];
  protected readonly presets = computed((): ListPreset[] => {
    const texts = this.t().audit.presets;
    return [
      { name: 'all', label: texts.all, filters: {} },
      { name: 'failures', label: texts.failures, filters: { outcome: 'failure' } },
      ...(['users', 'roles', 'tokensCreated', 'tokensRevoked'] as const).map((name) => ({
        name,
        label: texts[name],
        filters: { action: PRESET_ACTIONS[name] },
      })),
    ];
  });
  protected readonly isDisconnected = computed(() => this.feed.isLive() && this.feed.isDisconnected());
  /** Tooltip of the live button. */
  protected readonly liveHint = computed(() => {
    const { liveHint, liveEnds, disconnected } = this.t().audit;
    if (!this.feed.isOpenEnded()) {
      return liveEnds;
    }
    return this.isDisconnected() ? disconnected : liveHint;
  });
  /** Status for screen readers, visible only while the server does not respond. */
  protected readonly newsText = computed(() => {
    const { disconnected, newEntries } = this.t().audit;
    if (this.isDisconnected()) {
      return disconnected;
    }
    const count = this.feed.newEntries();
    return count > 0 ? newEntries(count) : '';
  });
  protected readonly filters = computed((): ListFilter[] => {
    const { auditActions, audit } = this.t();
    const { filters, outcomes } = audit;
    return [
      {
        name: 'action',
        label: filters.action,
        options: AUDIT_ACTIONS.map((action) => ({ value: action, label: auditActions[action] })),
      },
      {
        name: 'outcome',
        label: filters.outcome,
        options: AUDIT_OUTCOMES.map((outcome) => ({ value: outcome, label: outcomes[outcome] })),
      },
      { name: 'actor', label: filters.actor },
      { name: 'subject', label: filters.subject },
      { name: 'address', label: filters.address },
      { name: 'from', label: filters.from, isInstant: true },
      { name: 'to', label: filters.to, isInstant: true },
      { name: 'traceId', label: filters.traceId },
    ];
  });

  protected applyFilter({ name }: ListFilter, value: string | null): void {
    this.state.filter({ [name]: value });
  }

  protected showPeriod(period: keyof typeof PERIODS): void {
    this.state.filter({ from: new Date(Date.now() - PERIODS[period] * HOUR).toISOString(), to: null });
  }
}
