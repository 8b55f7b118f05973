import { ChangeDetectionStrategy, Component, computed } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatTooltip } from '@angular/material/tooltip';
import { AUDIT_ACTIONS, AUDIT_OUTCOMES, type AuditAction } from '@latchkey/auth-models';
import { injectTexts } from '../core/language';
import { problemText } from '../core/problem';
import { FilterChip, type ListFilter } from '../shared/filters/filter-chip';
import { type ListPreset, ListPresets } from '../shared/filters/list-presets';
import { FormError } from '../shared/forms/form-error';
import { ExportMenu } from '../shared/list/export-menu';
import { ListFrame } from '../shared/list/list-frame';
import { listState } from '../shared/list/list-state';
import { RowKeys } from '../shared/list/row-keys';
import { EmptyState } from '../shared/ui/empty-state';
import { auditFeed } from './audit-feed';
import { AuditRow } from './audit-row';

const HOUR = 3_600_000;

/** How far back each period reaches, in hours. */
const PERIODS = { day: 24, week: 168, month: 720 } as const;

/** The act that each view is about. */
const PRESET_ACTIONS = {
  users: 'user_updated',
  roles: 'role_updated',
  tokensMade: 'authn_token_created',
  tokensEnded: 'authn_token_revoked',
} as const satisfies Record<string, AuditAction>;

const isText = (value: string): boolean => value.length > 0 && value.length <= 256;
const isInstant = (value: string): boolean => !Number.isNaN(Date.parse(value));

/** The audit trail: newest first, with every filter, and live. */
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
    FormError,
    RowKeys,
  ],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './audit-list.html',
  styleUrl: './audit-list.scss',
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
      ...(['users', 'roles', 'tokensMade', 'tokensEnded'] as const).map((name) => ({
        name,
        label: texts[name],
        filters: { action: PRESET_ACTIONS[name] },
      })),
    ];
  });
  /** Whether new entries should come and cannot. */
  protected readonly isCutOff = computed(() => this.feed.isLive() && this.feed.isCutOff());
  /** What becomes of new entries, for the button that shows or holds them. */
  protected readonly liveHint = computed(() => {
    const { liveHint, liveEnds, cutOff } = this.t().audit;
    if (!this.feed.isOpenEnded()) {
      return liveEnds;
    }
    return this.isCutOff() ? cutOff : liveHint;
  });
  /** What is said about new entries: aloud alone, or for all to see where none can come. */
  protected readonly newsText = computed(() => {
    const { cutOff, news } = this.t().audit;
    if (this.isCutOff()) {
      return cutOff;
    }
    return this.feed.news() > 0 ? news(this.feed.news()) : '';
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
