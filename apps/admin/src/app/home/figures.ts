import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { StatsDto } from '@latchkey/auth-models';
import { injectTexts, Language } from '../core/language';
import { Session } from '../core/session';
import { Icon } from '../shared/ui/icon';

interface Figure {
  readonly label: string;
  /** The number as people write it; nothing while it is on its way. */
  readonly value: string | undefined;
  readonly note: string | undefined;
  readonly isBad?: boolean;
  /** Where more is said about it; `null` where the person may not go. */
  readonly link: string | null;
  readonly filter?: Readonly<Record<string, string>>;
}

/** So many failures may be slips of fingers. */
const SLIPS = 9;

/** Four figures that say how the server is doing. */
@Component({
  selector: 'app-figures',
  imports: [Icon, RouterLink],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './figures.html',
  styleUrl: './figures.scss',
})
export class Figures {
  private readonly language = inject(Language);
  private readonly session = inject(Session);

  /** Nothing while they are on their way. */
  readonly stats = input.required<StatsDto | undefined>();

  protected readonly t = injectTexts();
  protected readonly crowds = computed(() =>
    (this.stats()?.usersWithManySessions ?? []).map(({ name, sessions }) => ({
      name,
      text: this.t().home.manySessions(name, sessions),
    })),
  );
  protected readonly figures = computed((): Figure[] => {
    const texts = this.t().home.stats;
    const { users, tokens, logins } = this.stats() ?? {};
    const today = logins?.at(-1);
    const failures = today && today.failures + today.unknownNameFailures;
    const trail = this.session.can('audit:read') ? '/audit' : null;
    const from = today && `${today.date}T00:00:00.000Z`;
    return [
      {
        label: texts.users,
        value: this.written(users?.total),
        note: users && texts.usersNote(users.disabled),
        link: this.session.can('users:read') ? '/users' : null,
      },
      {
        label: texts.tokens,
        value: this.written(tokens?.live),
        note: tokens && texts.tokensNote(tokens.sessions),
        link: '/tokens',
      },
      {
        label: texts.logins,
        value: this.written(today?.successes),
        note: today && texts.loginsNote,
        link: trail,
        filter: { action: 'authn_login_success', ...(from && { from }) },
      },
      {
        label: texts.failures,
        value: this.written(failures),
        note: today && texts.failuresNote(today.unknownNameFailures),
        isBad: isAlarming(failures ?? 0, today?.successes ?? 0),
        link: trail,
        filter: { action: 'authn_login_fail', ...(from && { from }) },
      },
    ];
  });

  private written(figure: number | undefined): string | undefined {
    return figure?.toLocaleString(this.language.tag());
  }
}

/** Whether more fail than are let in, and too many for slips: somebody is guessing, or a program has a wrong password. */
function isAlarming(failures: number, successes: number): boolean {
  return failures > SLIPS && failures > successes;
}
