import { HttpClient } from '@angular/common/http';
import {
  inject,
  Injectable,
  ChangeDetectionStrategy,
  Component,
  computed,
  input,
  signal,
} from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatButtonToggleModule } from '@angular/material/button-toggle';
import { MatProgressBar } from '@angular/material/progress-bar';
import { RouterLink } from '@angular/router';
import type { AuditEventDto, CursorPageDto, AuditSubjectKind, ProfileDto } from '@latchkey/auth-models';
import type { Observable } from 'rxjs';
import { injectTexts } from '../../core/language';
import { actorLink, actorName } from '../audit-actor';
import { loaded } from '../loaded';
import { Time } from '../time/time';
import { Badge } from '../ui/badge';
import { ErrorState } from '../ui/error-state';

/** Which part somebody had in what the audit trail records. */
export const ACTIVITY_SIDES = ['actor', 'subject'] as const;

/** One of {@link ACTIVITY_SIDES}. */
export type ActivitySide = (typeof ACTIVITY_SIDES)[number];

/** Entries that are shown at a glance. */
const SIZE = 25;

/** The audit trail of one user. */
@Injectable({ providedIn: 'root' })
export class ActivityApi {
  private readonly http = inject(HttpClient);

  /** The latest that somebody did, or that was done to them, by their id. */
  latest(side: ActivitySide, id: string): Observable<CursorPageDto<AuditEventDto>> {
    return this.http.get<CursorPageDto<AuditEventDto>>('/audit-events', {
      params: { [side]: id, size: SIZE },
    });
  }
}

interface ActivitySubject {
  readonly name: string;
  /** Where it can be seen, as the router's commands; `null` if nowhere. */
  readonly link: readonly string[] | null;
}

/** The latest that a user did, or that was done to them. */
@Component({
  selector: 'app-activity',
  imports: [Badge, MatButton, MatButtonToggleModule, MatProgressBar, ErrorState, RouterLink, Time],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './activity.html',
  styleUrl: './activity.scss',
})
export class Activity {
  private readonly api = inject(ActivityApi);

  readonly user = input.required<Pick<ProfileDto, 'id'>>();
  /** What each side is called. */
  readonly sideNames = input.required<Readonly<Record<ActivitySide, string>>>();

  protected readonly t = injectTexts();
  protected readonly sides = ACTIVITY_SIDES;
  protected readonly side = signal<ActivitySide>('actor');
  /** Of which user which side; a text, so that the same is not asked for again when the user is edited. */
  private readonly asked = computed(() => `${this.side()} ${this.user().id}`);
  protected readonly events = loaded(
    () => this.asked(),
    (asked) => {
      const [side = '', id = ''] = asked.split(' ');
      return this.api.latest(side === 'subject' ? 'subject' : 'actor', id);
    },
  );
  protected readonly auditFilter = computed(() => ({ [this.side()]: this.user().id }));

  /** The actor of an event, and where to see it. */
  protected actorOf({ actor }: AuditEventDto): ActivitySubject | null {
    return actor ? { name: actorName(actor, this.t().activity.server), link: actorLink(actor) } : null;
  }

  /** Whom or what it was done to, if that is worth telling where it is seen, and where to see it. */
  protected subjectOf({ subject }: AuditEventDto): ActivitySubject | null {
    const { kind, id, name } = subject;
    if (id === this.user().id || kind === 'audit') {
      return null;
    }
    const links: Partial<Record<AuditSubjectKind, readonly string[]>> = {
      role: ['/roles', name],
      ...(id !== undefined && { user: ['/users', name], token: ['/tokens', id] }),
    };
    return { name, link: links[kind] ?? null };
  }
}
