import { HttpClient } from '@angular/common/http';
import { ChangeDetectionStrategy, Component, computed, inject, input, linkedSignal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatButtonToggleModule } from '@angular/material/button-toggle';
import { MatProgressBar } from '@angular/material/progress-bar';
import { RouterLink } from '@angular/router';
import type {
  AuditAction,
  AuditEventDto,
  CursorPageDto,
  AuditSubjectKind,
  ProfileDto,
} from '@latchkey/auth-models';
import { injectTexts } from '../../core/language';
import { actorLink, actorName, BULK } from '../audit-actor';
import { loaded } from '../loaded';
import { Time } from '../time/time';
import { Badge } from '../ui/labels';
import { NameLink } from '../ui/page';
import { LoadState } from '../ui/states';

/** Roles that a user or token can have in an audit entry. */
const ACTIVITY_SIDES = ['actor', 'subject'] as const;

type ActivitySide = (typeof ACTIVITY_SIDES)[number];

/** Actions for which an actor can give a reason. */
const REASONED: readonly AuditAction[] = ['authn_token_revoked', 'authn_token_rotated'];

const SIZE = 25;

interface ActivitySubject {
  readonly name: string;
  /** Router commands of its page; `null` if there is none. */
  readonly link: readonly string[] | null;
}

/** The latest actions by and on a user, or with and on a token. */
@Component({
  selector: 'app-activity',
  imports: [Badge, LoadState, MatButton, MatButtonToggleModule, MatProgressBar, NameLink, RouterLink, Time],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './activity.html',
  styles: `
    .head {
      margin-bottom: var(--space-4);
    }
    li {
      display: flex;
      flex-wrap: wrap;
      gap: var(--space-half) var(--space-4);
      padding: var(--space-3) var(--space-5);
    }
    p {
      display: flex;
      flex: 1 1 8rem;
      flex-wrap: wrap;
      gap: var(--space-half) var(--space-3);
      overflow-wrap: anywhere;
    }
    p:is(.second-line, .reason) {
      flex-basis: 100%;
      order: 1;
    }
    /* On a line of its own, the link is aligned with the text above. */
    @media (width < 37.5em) {
      .head > a {
        margin-left: calc(-1 * var(--space-3));
      }
    }
  `,
})
export class Activity {
  private readonly http = inject(HttpClient);

  readonly of = input.required<Pick<ProfileDto, 'id'>>();
  /** Parameter of the audit trail that selects its actions. */
  readonly actorFilter = input<'actor' | 'actorToken'>('actor');
  readonly sideNames = input.required<Readonly<Record<ActivitySide, string>>>();

  protected readonly t = injectTexts();
  protected readonly sides = ACTIVITY_SIDES;
  protected readonly side = linkedSignal<ActivitySide>(() =>
    this.actorFilter() === 'actor' ? 'actor' : 'subject',
  );
  private readonly filter = computed(() => (this.side() === 'actor' ? this.actorFilter() : 'subject'));
  // A string, so that editing the user does not load the same entries again.
  private readonly query = computed(() => `${this.filter()} ${this.of().id}`);
  protected readonly events = loaded(
    () => this.query(),
    (query) => {
      const [filter = '', id = ''] = query.split(' ');
      const params = { [filter]: id, size: SIZE };
      return this.http.get<CursorPageDto<AuditEventDto>>('/audit-events', { params });
    },
  );
  protected readonly auditFilter = computed(() => ({ [this.filter()]: this.of().id }));

  /** Returns the actor of an event with the link to its page. */
  protected actorOf({ actor }: AuditEventDto): ActivitySubject | null {
    return actor ? { name: actorName(actor, this.t().activity.server), link: actorLink(actor) } : null;
  }

  /** Returns the reason that the actor gave for a revocation or rotation. */
  protected reasonOf({ action, after }: AuditEventDto): string {
    const reason = REASONED.includes(action) ? after?.['reason'] : undefined;
    return typeof reason === 'string' ? this.t().activity.reason(reason) : '';
  }

  /** Returns the subject of an event with the link to its page; `null` if it is this user or token. */
  protected subjectOf({ subject, before, after }: AuditEventDto): ActivitySubject | null {
    const { kind, id, name } = subject;
    if (id === this.of().id || kind === 'audit') {
      return null;
    }
    if (name === BULK) {
      return { name: this.t().activity.many, link: null };
    }
    const links: Partial<Record<AuditSubjectKind, readonly string[]>> = {
      role: ['/roles', name],
      api: ['/apis', name],
      ...(id !== undefined && { user: ['/users', name], token: ['/tokens', id] }),
    };
    // The subject of an entry about a token has the name of its owner.
    const { note, tokenPreview } = { ...before, ...after };
    const names = kind === 'token' ? [note, tokenPreview] : [];
    const shown = names.filter((text) => typeof text === 'string').find((text) => text !== '');
    return { name: shown ?? name, link: links[kind] ?? null };
  }
}
