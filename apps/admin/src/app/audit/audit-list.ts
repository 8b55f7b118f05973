import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { MatTooltip } from '@angular/material/tooltip';
import { firstValueFrom } from 'rxjs';
import {
  AUDIT_ACTIONS,
  AUDIT_OUTCOMES,
  type AuditAction,
  type AuditOutcome,
} from '@latchkey/auth-models/lists';
import { injectTexts, Language } from '../core/language';
import { problemText } from '../core/problem';
import type { ListFilter } from '../shared/filters/filter-chip';
import type { ListPreset } from '../shared/filters/filter-menu';
import { FormError } from '../shared/forms/form-error';
import { ListFrame } from '../shared/list/list-frame';
import { listLayout } from '../shared/list/list-layout';
import { listState } from '../shared/list/list-state';
import { ListTools } from '../shared/list/list-tools';
import { RowKeys } from '../shared/list/rows';
import type { HideableColumn } from '../shared/list/view-panel';
import { exactTime } from '../shared/time/format-time';
import { Now } from '../shared/time/now';
import { PageHeader } from '../shared/ui/page';
import { EmptyState } from '../shared/ui/states';
import { auditDays } from './audit-days';
import { auditFeed } from './audit-feed';
import { AuditRow } from './audit-row';
import type { CustomPeriod, Period } from './custom-period';

const HOUR = 3_600_000;

/** Lengths of the periods, in hours. */
const PERIODS = { day: 24, week: 168, month: 720 } as const;

/** Filters of the presets. */
const PRESETS = {
  failures: { outcome: 'failure' },
  users: { action: 'user_updated' },
  roles: { action: 'role_updated' },
  tokensCreated: { action: 'authn_token_created' },
  tokensRevoked: { action: 'authn_token_revoked' },
} as const satisfies Record<string, { outcome?: AuditOutcome; action?: AuditAction }>;

/** Columns after the time, with their widths. The action, which identifies an entry, cannot be hidden. */
const COLUMNS = {
  actor: 'minmax(0, 3fr)',
  action: 'minmax(0, 4fr)',
  subject: 'minmax(0, 5fr)',
  address: '8rem',
} as const;

const COLUMN_NAMES = Object.keys(COLUMNS) as (keyof typeof COLUMNS)[];

const isText = (value: string): boolean => value.length > 0 && value.length <= 256;
const isInstant = (value: string): boolean => !Number.isNaN(Date.parse(value));

@Component({
  selector: 'app-audit-list',
  imports: [
    AuditRow,
    EmptyState,
    ListFrame,
    ListTools,
    MatButton,
    MatTooltip,
    PageHeader,
    FormError,
    RowKeys,
  ],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './audit-list.html',
  styles: `
    app-list-frame {
      display: block;
      container-type: inline-size;
    }
    /* In line with the rows. */
    .columns {
      display: grid;
      grid-template-columns: var(--app-audit-columns);
      gap: 0 var(--space-3);
      padding: var(--space-2) var(--space-4) var(--space-2) var(--space-2);
      border-bottom: 1px solid var(--mat-sys-outline-variant);
      color: var(--mat-sys-on-surface-variant);
      font: 550 0.8125rem/1.25rem var(--app-font);
    }
    .columns > :first-child {
      grid-column: 2;
    }
    .columns > .address {
      text-align: right;
    }
    h2 {
      padding: var(--space-2) var(--space-4) var(--space-1) calc(36px + var(--space-5));
      font: 600 0.8125rem/1.25rem var(--app-font);
    }
    ul + h2 {
      padding-top: var(--space-3);
      border-top: 1px solid var(--mat-sys-outline-variant);
    }
    .more {
      display: grid;
      grid-template-columns: var(--app-audit-columns);
      gap: 0 var(--space-3);
      width: 100%;
      padding: 0 var(--space-4) var(--space-3) var(--space-2);
      color: var(--mat-sys-on-surface-variant);
      font-size: 0.8125rem;
      line-height: 1.5rem;
      text-decoration: underline var(--mat-sys-outline-variant);
      text-underline-offset: 4px;
    }
    .more:hover {
      text-decoration-color: currentColor;
    }
    .more > span {
      grid-column: var(--app-audit-summary) / -1;
    }
    .dot {
      display: inline-block;
      width: 8px;
      height: 8px;
      margin-right: var(--space-2);
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
      margin-bottom: var(--space-3);
      color: var(--mat-sys-error);
    }
    app-form-error {
      margin-top: var(--space-5);
    }
    .load-more {
      display: block;
      margin: var(--space-5) auto 0;
    }
    @container (width < 50rem) {
      .columns {
        display: none;
      }
      h2 {
        padding-left: calc(36px + var(--space-4));
      }
      .more {
        grid-template-columns: 36px minmax(0, 1fr);
        padding-left: var(--space-1);
      }
      .more > span {
        grid-column: 2;
      }
    }
  `,
})
export class AuditList {
  private readonly dialog = inject(MatDialog);
  private readonly language = inject(Language);
  private readonly now = inject(Now).value;

  protected readonly t = injectTexts();
  protected readonly problemText = problemText;
  protected readonly state = listState({
    sortFields: [],
    defaultSort: '',
    filters: {
      action: AUDIT_ACTIONS,
      outcome: AUDIT_OUTCOMES,
      actor: isText,
      actorToken: isText,
      subject: isText,
      address: isText,
      traceId: isText,
      from: isInstant,
      to: isInstant,
    },
  });
  protected readonly feed = auditFeed(this.state);
  /** Start of today. Changes once a day. */
  private readonly today = computed(() => new Date(this.now()).setHours(0, 0, 0, 0));
  protected readonly days = computed(() => auditDays(this.feed.rows(), this.today(), this.language.tag()));
  /** Ids of the first entries of expanded acts. */
  protected readonly opened = signal<ReadonlySet<string>>(new Set());
  protected readonly layout = listLayout(signal('audit'));
  protected readonly hideable = computed((): HideableColumn[] =>
    COLUMN_NAMES.filter((name) => name !== 'action').map((name) => ({
      name,
      label: this.t().audit.filters[name],
    })),
  );
  protected readonly columns = computed(() =>
    COLUMN_NAMES.filter((name) => name === 'action' || !this.layout.hidden().has(name)),
  );
  /** Widths of the shown columns; the first is that of the button that opens an entry. */
  protected readonly grid = computed(() =>
    ['36px', '4.5rem', ...this.columns().map((name) => COLUMNS[name])].join(' '),
  );
  protected readonly presets = computed((): ListPreset[] => {
    const texts = this.t().audit.presets;
    return (Object.keys(PRESETS) as (keyof typeof PRESETS)[]).map((name) => ({
      label: texts[name],
      filters: PRESETS[name],
    }));
  });
  protected readonly isDisconnected = computed(() => this.feed.isLive() && this.feed.isDisconnected());
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
  private readonly period = computed((): Period => {
    const { from = null, to = null } = this.state.query().filters;
    return { from, to };
  });
  private readonly periodFilter = computed((): ListFilter => {
    const { label, custom, since, until, ...texts } = this.t().audit.periods;
    const { from, to } = this.period();
    const [start, end] = [from, to].map(
      (instant) => instant && exactTime(instant, this.language.tag(), 'brief'),
    );
    const options = (Object.keys(PERIODS) as (keyof typeof PERIODS)[]).map((period) => ({
      value: period,
      label: texts[period],
    }));
    return {
      name: 'period',
      label,
      options: [...options, { value: 'custom', label: custom }],
      valueLabel: start && end ? `${start} – ${end}` : start ? since(start) : until(end ?? ''),
      custom: { value: (from ?? to) ? 'custom' : null, set: (choice) => this.showPeriod(choice) },
    };
  });
  /** All filters, but outcome and token of the actor only if they are set. */
  protected readonly filters = computed((): ListFilter[] => {
    const { auditActions, audit } = this.t();
    const { filters, outcomes } = audit;
    const { actorToken, outcome } = this.state.query().filters;
    const outcomeFilter = {
      name: 'outcome',
      label: filters.outcome,
      options: AUDIT_OUTCOMES.map((value) => ({ value, label: outcomes[value] })),
    };
    const tokenFilter = {
      name: 'actorToken',
      label: filters.actorToken,
      options: [{ value: actorToken ?? '', label: `…${actorToken?.slice(-6)}` }],
    };
    return [
      this.periodFilter(),
      { name: 'actor', label: filters.actor },
      { name: 'subject', label: filters.subject },
      {
        name: 'action',
        label: filters.action,
        options: AUDIT_ACTIONS.map((action) => ({ value: action, label: auditActions[action] })),
      },
      ...(outcome ? [outcomeFilter] : []),
      ...(actorToken ? [tokenFilter] : []),
      { name: 'address', label: filters.address },
      { name: 'traceId', label: filters.traceId },
    ];
  });

  private async showPeriod(choice: string | null): Promise<void> {
    if (choice === 'custom') {
      const { CustomPeriod: Dialog } = await import('./custom-period');
      const opened = this.dialog.open<CustomPeriod, Period, Period>(Dialog, {
        data: this.period(),
        width: '400px',
      });
      const period = await firstValueFrom(opened.afterClosed());
      if (period !== undefined) {
        this.state.filter({ ...period });
      }
    } else {
      const hours = PERIODS[choice as keyof typeof PERIODS] ?? null;
      const from = hours === null ? null : new Date(Date.now() - hours * HOUR).toISOString();
      this.state.filter({ from, to: null });
    }
  }

  protected toggle(id: string): void {
    this.opened.update((opened) =>
      opened.has(id) ? new Set([...opened].filter((other) => other !== id)) : new Set([...opened, id]),
    );
  }
}
