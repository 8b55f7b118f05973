import { HttpClient } from '@angular/common/http';
import { ChangeDetectionStrategy, Component, computed, inject, input, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatButtonToggleModule } from '@angular/material/button-toggle';
import { MatProgressBar } from '@angular/material/progress-bar';
import { RouterLink } from '@angular/router';
import type { AuditEventDto, CursorPageDto, AuditSubjectKind, ProfileDto } from '@latchkey/auth-models';
import { injectTexts } from '../../core/language';
import { actorLink, actorName } from '../audit-actor';
import { loaded } from '../loaded';
import { Time } from '../time/time';
import { Badge } from '../ui/labels';
import { ErrorState } from '../ui/states';

/** Roles that a user can have in an audit entry. */
const ACTIVITY_SIDES = ['actor', 'subject'] as const;

type ActivitySide = (typeof ACTIVITY_SIDES)[number];

/** Number of entries shown. */
const SIZE = 25;

interface ActivitySubject {
  readonly name: string;
  /** Router commands of its page; `null` if there is none. */
  readonly link: readonly string[] | null;
}

/** The latest actions by and on a user. */
@Component({
  selector: 'app-activity',
  imports: [Badge, MatButton, MatButtonToggleModule, MatProgressBar, ErrorState, RouterLink, Time],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './activity.html',
  styles: `
    .head {
      margin-bottom: 16px;
    }
    li {
      display: grid;
      grid-template-columns: minmax(0, 1fr) auto;
      gap: 2px 16px;
      padding: 12px 20px;
    }
    p {
      display: flex;
      flex-wrap: wrap;
      gap: 2px 12px;
    }
    p.second-line {
      grid-row: 2;
    }
    a {
      color: var(--mat-sys-primary);
    }
    /* On a line of its own, the link is aligned with the text above. */
    @media (max-width: 599px) {
      .head > a {
        margin-left: -12px;
      }
    }
  `,
})
export class Activity {
  private readonly http = inject(HttpClient);

  readonly user = input.required<Pick<ProfileDto, 'id'>>();
  /** Labels of the sides. */
  readonly sideNames = input.required<Readonly<Record<ActivitySide, string>>>();

  protected readonly t = injectTexts();
  protected readonly sides = ACTIVITY_SIDES;
  protected readonly side = signal<ActivitySide>('actor');
  // A string, so that editing the user does not load the same entries again.
  private readonly query = computed(() => `${this.side()} ${this.user().id}`);
  protected readonly events = loaded(
    () => this.query(),
    (query) => {
      const [side = '', id = ''] = query.split(' ');
      const params = { [side]: id, size: SIZE };
      return this.http.get<CursorPageDto<AuditEventDto>>('/audit-events', { params });
    },
  );
  protected readonly auditFilter = computed(() => ({ [this.side()]: this.user().id }));

  /** Returns the actor of an event with the link to its page. */
  protected actorOf({ actor }: AuditEventDto): ActivitySubject | null {
    return actor ? { name: actorName(actor, this.t().activity.server), link: actorLink(actor) } : null;
  }

  /** Returns the subject of an event with the link to its page; `null` if it is this user. */
  protected subjectOf({ subject }: AuditEventDto): ActivitySubject | null {
    const { kind, id, name } = subject;
    if (id === this.user().id || kind === 'audit') {
      return null;
    }
    const links: Partial<Record<AuditSubjectKind, readonly string[]>> = {
      role: ['/roles', name],
      api: ['/apis', name],
      ...(id !== undefined && { user: ['/users', name], token: ['/tokens', id] }),
    };
    return { name, link: links[kind] ?? null };
  }
}
