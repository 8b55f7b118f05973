import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { StatsDto } from '@latchkey/auth-models';
import { injectTexts, Language } from '../core/language';
import { Session } from '../core/session';
import { Icon } from '../shared/ui/icon';

interface Tile {
  readonly label: string;
  readonly value: string | undefined;
  readonly note: string | undefined;
  readonly isAlarming?: boolean;
  /** `null` if the user has no permission to see the page. */
  readonly link: string | null;
  readonly filter?: Readonly<Record<string, string>>;
}

/** Failed sign-ins that can be mere typing errors. */
const NORMAL_FAILURES = 9;

/** Tiles with the numbers of users, tokens and sign-ins. */
@Component({
  selector: 'app-server-stats',
  imports: [Icon, RouterLink],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <h2 class="visually-hidden">{{ t().home.stats.heading }}</h2>
    <dl>
      @for (tile of tiles(); track tile.label) {
        <div class="card" [class.alarming]="tile.isAlarming">
          <dt>
            @if (tile.link; as link) {
              <a [routerLink]="link" [queryParams]="tile.filter">{{ tile.label }}</a>
            } @else {
              {{ tile.label }}
            }
          </dt>
          <dd class="value">{{ tile.value }}&nbsp;</dd>
          <dd class="second-line">{{ tile.note }}&nbsp;</dd>
        </div>
      }
    </dl>
    @for (user of stats()?.usersWithManySessions; track user.name) {
      <p class="notice"><app-icon name="alert" />{{ t().home.manySessions(user.name, user.sessions) }}</p>
    }
  `,
  styles: `
    dl {
      display: grid;
      grid-template-columns: repeat(4, minmax(0, 1fr));
      gap: var(--space-3);
    }
    /* The subgrid aligns the values when only some labels take two lines. */
    .card {
      position: relative;
      display: grid;
      grid-row: span 3;
      grid-template-rows: subgrid;
      gap: 0;
      padding: var(--space-4) var(--space-5);
    }
    dt {
      color: var(--mat-sys-on-surface-variant);
      font: 550 0.8125rem/1.25rem var(--app-font);
    }
    a {
      color: inherit;
      text-decoration: none;
    }
    /* Makes the whole tile clickable. */
    a::after {
      position: absolute;
      inset: 0;
      border-radius: var(--mat-sys-corner-large);
      content: '';
    }
    a:hover {
      text-decoration: underline;
      text-underline-offset: 3px;
    }
    .value {
      font: 650 1.875rem/2.5rem var(--app-font);
      letter-spacing: -0.02em;
      font-variant-numeric: tabular-nums;
    }
    .alarming .value {
      color: var(--mat-sys-error);
    }
    .notice {
      margin-top: var(--space-3);
    }
    /* Two columns, or one for large text. */
    @media (width < 53.75em) {
      dl {
        grid-template-columns: repeat(auto-fill, minmax(max(40%, min(8.5rem, 100%)), 1fr));
      }
    }
    /* Reserves two lines for the last note, so that nothing moves when it is loaded. */
    @media (width < 30em) {
      .card:last-child .second-line {
        min-height: 2.25rem;
      }
    }
  `,
})
export class ServerStats {
  private readonly language = inject(Language);
  private readonly session = inject(Session);

  /** `undefined` while loading. */
  readonly stats = input.required<StatsDto | undefined>();

  protected readonly t = injectTexts();
  protected readonly tiles = computed((): Tile[] => {
    const texts = this.t().home.stats;
    const { users, tokens, logins } = this.stats() ?? {};
    const today = logins?.at(-1);
    const failures = today && today.failures + today.unknownNameFailures;
    const trail = this.session.can('audit:read') ? '/audit' : null;
    const from = today && `${today.date}T00:00:00.000Z`;
    return [
      {
        label: texts.users,
        value: this.format(users?.total),
        note: users && texts.usersNote(users.disabled),
        link: this.session.can('users:read') ? '/users' : null,
      },
      {
        label: texts.tokens,
        value: this.format(tokens?.live),
        note: tokens && texts.tokensNote(tokens.sessions),
        link: '/tokens',
        filter: { kind: 'any' },
      },
      {
        label: texts.logins,
        value: this.format(today?.successes),
        note: today && texts.loginsNote,
        link: trail,
        filter: { action: 'authn_login_success', ...(from && { from }) },
      },
      {
        label: texts.failures,
        value: this.format(failures),
        note: today && texts.failuresNote(today.unknownNameFailures),
        isAlarming: isAlarming(failures ?? 0, today?.successes ?? 0),
        link: trail,
        filter: { action: 'authn_login_fail', ...(from && { from }) },
      },
    ];
  });

  private format(value: number | undefined): string | undefined {
    return value?.toLocaleString(this.language.tag());
  }
}

/** Whether the failures suggest an attack, or a program with a wrong password. */
function isAlarming(failures: number, successes: number): boolean {
  return failures > NORMAL_FAILURES && failures > successes;
}
