import { ChangeDetectionStrategy, Component, computed, inject, input, output, signal } from '@angular/core';
import { MatTooltip } from '@angular/material/tooltip';
import type { AuditEventDto } from '@latchkey/auth-models';
import { injectTexts, Language } from '../core/language';
import { Session } from '../core/session';
import { actorLink, actorName } from '../shared/audit-actor';
import type { ListChange } from '../shared/list/list-state';
import { exactTime } from '../shared/time/format-time';
import { Time } from '../shared/time/time';
import { Icon } from '../shared/ui/icon';
import { summaryOf } from './audit-changes';
import { AuditDetails } from './audit-details';
import { AuditName } from './audit-name';
import { AuditSummary } from './audit-summary';

/** The subject of an entry that is about many at once. */
const MANY = 'bulk';

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/;

/**
 * An entry of the audit trail: one line and what it came to, which opens to everything that is told of it. Each name leads to
 * its page, and is a filter.
 */
@Component({
  selector: 'app-audit-row',
  imports: [AuditDetails, AuditSummary, AuditName, Icon, MatTooltip, Time],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './audit-row.html',
  styleUrl: './audit-row.scss',
})
export class AuditRow {
  private readonly language = inject(Language);
  private readonly session = inject(Session);

  readonly event = input.required<AuditEventDto>();
  /** Filters that the person chose by a name in the row. */
  readonly filtersChange = output<ListChange>();

  protected readonly t = injectTexts();
  protected readonly isOpen = signal(false);
  /** What it came to, in the words of people. */
  protected readonly summary = computed(() => {
    const { more, members } = this.t().audit;
    return summaryOf(this.event(), { more, termOf: (value) => this.wordOf(value) }).map((change) => ({
      ...change,
      member: members[change.member] ?? change.member,
    }));
  });
  protected readonly isAboutMany = computed(() => this.event().subject.name === MANY);
  /** Whether the subject says more than the actor and the act do. */
  protected readonly tellsSubject = computed(() => {
    const { actor, subject } = this.event();
    return subject.kind !== 'audit' && (subject.id === undefined || subject.id !== actor?.id);
  });
  /** What the subject is, where the act does not say it. */
  protected readonly kindWords = computed(() => {
    const { kind } = this.event().subject;
    return kind === 'user' || kind === 'role' ? null : this.t().audit.subjects[kind];
  });
  /** Where the subject's name leads; `null` where there is no page of it, or none that the person may see. */
  protected readonly subjectLink = computed(() => {
    const { kind, id, name } = this.event().subject;
    if (this.isAboutMany()) {
      return null;
    }
    switch (kind) {
      case 'user':
        return this.session.can('users:read') ? ['/users', name] : null;
      case 'token':
        return id === undefined ? null : ['/tokens', id];
      case 'role':
        return this.session.can('roles:read') ? ['/roles', name] : null;
      default:
        return null;
    }
  });
  /** The actor's name, and where it leads: nowhere if the person may not see users. */
  protected readonly actor = computed(() => {
    const { actor } = this.event();
    return (
      actor && {
        name: actorName(actor, this.t().audit.server),
        link: this.session.can('users:read') ? actorLink(actor) : null,
        filter: actor.name,
      }
    );
  });

  protected toggle(): void {
    this.isOpen.update((isOpen) => !isOpen);
  }

  private wordOf(value: unknown): string | undefined {
    const { yes, no } = this.t().audit;
    if (typeof value === 'boolean') {
      return value ? yes : no;
    }
    return typeof value === 'string' && INSTANT.test(value)
      ? exactTime(value, this.language.tag()).short
      : undefined;
  }
}
