import { HttpClient } from '@angular/common/http';
import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import type { AuditEventDto, CursorPageDto, UserTokenDto } from '@latchkey/auth-models';
import { apiOf, PAGE_SIZE_MAX, TOKEN_STATES } from '@latchkey/auth-models/lists';
import { Language } from '../../core/language';
import { Session } from '../../core/session';
import { loaded, type Loaded } from '../../shared/loaded';
import { formatDay } from '../../shared/time/format-time';
import { Now } from '../../shared/time/now';
import { Time } from '../../shared/time/time';
import { tokenName } from '../../shared/tokens/token';
import { type Bar, BarChart } from '../../shared/ui/bar-chart';
import { ErrorState } from '../../shared/ui/states';
import { usageDays, type UsageOrigin, usageOrigins } from '../page/usage-days';
import { UsagePlaces } from '../page/usage-places';
import { ownerGrants } from '../scope/owner-grants';
import { scopeKind, scopeOf } from '../scope/token-scope';
import { type PendingTokens, TokensApi } from '../tokens-api';

/** Number of created tokens shown. */
const TOKENS_SHOWN = 5;

/** Evidence about a leaked token: its permissions, and its uses and actions since a day. */
@Component({
  selector: 'app-leak-evidence',
  imports: [BarChart, ErrorState, MatButton, RouterLink, Time, UsagePlaces],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './leak-evidence.html',
  styles: `
    :host {
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      gap: var(--space-6);
      color: var(--mat-sys-on-surface);
    }
    h3 + * {
      margin-top: var(--space-1);
    }
    .apis,
    .apis > div,
    dd {
      display: flex;
      flex-wrap: wrap;
      align-items: baseline;
      gap: var(--space-1) var(--space-3);
      margin: 0;
      overflow-wrap: anywhere;
    }
    .apis {
      gap: var(--space-1) var(--space-8);
      margin-top: var(--space-2);
    }
    dt code {
      font-weight: 600;
    }
    .permission .second-line {
      display: inline;
    }
    app-usage-places {
      max-height: 200px;
    }
    app-bar-chart {
      margin-top: var(--space-3);
    }
    ul {
      margin-top: var(--space-1);
    }
    li {
      display: flex;
      flex-wrap: wrap;
      gap: 0 var(--space-3);
      padding: var(--space-half) 0;
    }
    .changes {
      margin-top: var(--space-3);
    }
    a[matButton] {
      margin-left: calc(-1 * var(--space-3));
    }
  `,
})
export class LeakEvidence {
  private readonly api = inject(TokensApi);
  private readonly http = inject(HttpClient);
  private readonly language = inject(Language);
  private readonly now = inject(Now).value;
  private readonly session = inject(Session);

  readonly token = input.required<UserTokenDto>();
  /** Day from which on uses and changes count, such as `2030-01-31`. */
  readonly since = input.required<string>();
  readonly pending = input.required<Loaded<PendingTokens>>();

  protected readonly t = this.language.texts;
  protected readonly shown = TOKENS_SHOWN;
  protected readonly nameOf = (token: UserTokenDto): string => tokenName(token, this.t());
  protected readonly canSeeTrail = computed(() => this.session.can('audit:read'));

  /** UTC day of the report, as the server counts uses. */
  protected readonly reportDay = computed(() => this.token().leakReportTime?.slice(0, 10));

  private readonly grants = ownerGrants(computed(() => this.token().user));
  protected readonly sentence = computed(() =>
    this.t().newToken.scope.sentences[scopeKind(scopeOf(this.token()))](this.token().user),
  );
  protected readonly roles = computed(() => {
    const { permissions, roles } = this.token();
    const names = roles ?? (permissions ? [] : (this.grants().roles ?? []).map(({ name }) => name));
    return names.length === 0 ? '' : this.t().leakResponse.power.user(this.token().user, names.join(', '));
  });
  /** Effective permissions by API, each with the day of its last use if it is known. */
  protected readonly powers = computed(() => {
    const { permissions, roles } = this.token();
    const ofRoles = roles && (this.grants().roles ?? []).filter(({ name }) => roles.includes(name));
    const names = permissions ??
      ofRoles?.flatMap((role) => role.permissions ?? []) ?? [...(this.grants().permissions ?? [])];
    const uses = new Map(
      (this.usage.value()?.permissions ?? []).map(({ permission, lastUseDate }) => [permission, lastUseDate]),
    );
    const distinct = [...new Set(names)].sort();
    return [...new Set(distinct.map(apiOf))].map((api) => ({
      api,
      permissions: distinct
        .filter((name) => apiOf(name) === api)
        .map((name) => ({ name: name.slice(api.length + 1), use: this.useText(uses, name) })),
    }));
  });

  protected readonly usage = loaded(
    () => this.token().id,
    (id) => this.api.usage(id),
  );
  private readonly days = computed(() =>
    (this.usage.value()?.days ?? []).filter(({ date }) => date >= this.since()),
  );
  protected readonly total = computed(() =>
    this.days().reduce((sum, { uses, supersededUses }) => sum + uses + supersededUses, 0),
  );
  protected readonly summary = computed(() => {
    const { none, total } = this.t().leakResponse.uses;
    return this.total() === 0 ? none : total(this.total(), this.days().length);
  });
  protected readonly bars = computed((): Bar[] =>
    usageDays(this.days(), this.now())
      .filter(({ date }) => date >= this.since())
      .map(({ date, uses, supersededUses }) => ({
        values: [uses, supersededUses],
        title: this.barTitle(date, uses, supersededUses),
        isMarked: date === this.reportDay(),
      })),
  );
  protected readonly marks = computed(() => [
    this.dayName(this.since(), 'short'),
    this.t().tokenPage.use.today,
  ]);
  /** Origins with an agent, then the other addresses, which no day has as its last. */
  protected readonly places = computed(() => {
    const origins = usageOrigins(this.days(), this.token()).filter(({ date }) => date >= this.since());
    const known = new Set(origins.map(({ address }) => address));
    const others = new Map<string, UsageOrigin>();
    for (const { address, lastUseDate: date } of this.usage.value()?.addresses ?? []) {
      // Several services can have reported the same address, the latest first.
      if (date >= this.since() && !known.has(address) && !others.has(address)) {
        others.set(address, { address, agent: undefined, date });
      }
    }
    return [...origins, ...others.values()];
  });

  protected readonly tokens = loaded(
    () => ({ id: this.token().id, since: this.since() }),
    ({ id, since }) =>
      this.api.list({
        page: 1,
        size: TOKENS_SHOWN,
        sort: '-creationTime',
        q: null,
        filters: { descendantOf: id, createdFrom: `${since}T00:00:00Z`, state: TOKEN_STATES.join(',') },
      }),
  );
  protected readonly trailFilter = computed(() => ({
    actorToken: this.token().id,
    from: `${this.since()}T00:00:00Z`,
  }));
  protected readonly changes = loaded(
    () => (this.canSeeTrail() ? this.trailFilter() : null),
    (filter) =>
      this.http.get<CursorPageDto<AuditEventDto>>('/audit-events', {
        params: { ...filter, size: PAGE_SIZE_MAX },
      }),
  );
  protected readonly changeCounts = computed(() => {
    const items = this.changes.value()?.items;
    if (items === undefined) {
      return null;
    }
    const actions = [...new Set(items.map(({ action }) => action))];
    return {
      sentence: this.t().leakResponse.created.changes(items.length, items.length === PAGE_SIZE_MAX),
      actions: actions.map((action) => ({
        name: this.t().auditActions[action],
        count: items.filter((event) => event.action === action).length,
      })),
    };
  });

  /** Number of created tokens, or one line if nothing was done; empty until all is loaded. */
  protected readonly createdSummary = computed(() => {
    const { none, tokens } = this.t().leakResponse.created;
    const total = this.tokens.value()?.total;
    if (total) {
      return tokens(total);
    }
    const pending = this.pending();
    const hasNoOffers = !pending.isLoading() && pending.problem() === null && !pending.value()?.offers;
    const hasNoChanges = !this.canSeeTrail() || this.changeCounts()?.actions.length === 0;
    return total === 0 && hasNoOffers && hasNoChanges ? none : '';
  });

  private dayName(date: string, style: 'full' | 'short' = 'full'): string {
    return formatDay(date, this.language.tag(), style);
  }

  private barTitle(date: string, uses: number, supersededUses: number): string {
    const title = this.t().tokenPage.use.bar(this.dayName(date, 'short'), uses, supersededUses);
    return date === this.reportDay() ? `${title} · ${this.t().leakResponse.uses.report}` : title;
  }

  private useText(uses: ReadonlyMap<string, string | undefined>, name: string): string {
    const { lastUsed, neverUsed } = this.t().tokenPage.scope;
    const date = uses.get(name);
    return date === undefined ? (uses.has(name) ? neverUsed : '') : lastUsed(this.dayName(date));
  }
}
