import { ChangeDetectionStrategy, Component, computed, inject, input, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatButtonToggleModule } from '@angular/material/button-toggle';
import { MatProgressBar } from '@angular/material/progress-bar';
import { RouterLink } from '@angular/router';
import type { AuditEventDto, AuditSubjectKind, ProfileDto } from '@latchkey/auth-models';
import { injectTexts } from '../../core/language';
import { actorLink, actorName } from '../audit-actor';
import { Badge } from '../badge';
import { loaded } from '../loaded';
import { ProblemFace } from '../problem-face';
import { Time } from '../time';
import { ACTIVITY_SIDES, ActivityApi, type ActivitySide } from './activity-api';

interface ActivitySubject {
  readonly name: string;
  /** Where it can be seen, as the router's commands; `null` if nowhere. */
  readonly link: readonly string[] | null;
}

/** The latest that a user did, or that was done to them. */
@Component({
  selector: 'app-activity',
  imports: [Badge, MatButton, MatButtonToggleModule, MatProgressBar, ProblemFace, RouterLink, Time],
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
