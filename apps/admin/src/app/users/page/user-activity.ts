import { ChangeDetectionStrategy, Component, computed, inject, input, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatButtonToggleModule } from '@angular/material/button-toggle';
import { MatProgressBar } from '@angular/material/progress-bar';
import { RouterLink } from '@angular/router';
import type { AuditEventDto, AuditSubjectKind, UserDto } from '@latchkey/auth-models';
import { injectTexts } from '../../core/language';
import { Badge } from '../../shared/badge';
import { loaded } from '../../shared/loaded';
import { ProblemFace } from '../../shared/problem-face';
import { Time } from '../../shared/time';
import { UsersApi } from '../users-api';

const SIDES = ['actor', 'subject'] as const;
type Side = (typeof SIDES)[number];

interface ActivitySubject {
  readonly name: string;
  /** Where it can be seen, as the router's commands; `null` if nowhere. */
  readonly link: readonly string[] | null;
}

/** The latest that a user did, or that was done to them. */
@Component({
  selector: 'app-user-activity',
  imports: [Badge, MatButton, MatButtonToggleModule, MatProgressBar, ProblemFace, RouterLink, Time],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './user-activity.html',
  styleUrl: './user-activity.scss',
})
export class UserActivity {
  private readonly api = inject(UsersApi);

  readonly user = input.required<UserDto>();

  protected readonly t = injectTexts();
  protected readonly sides = SIDES;
  protected readonly side = signal<Side>('actor');
  /** Of which user which side; a text, so that the same is not asked for again when the user is edited. */
  private readonly asked = computed(() => `${this.side()} ${this.user().id}`);
  protected readonly events = loaded(
    () => this.asked(),
    (asked) => {
      const [side = '', id = ''] = asked.split(' ');
      return this.api.auditEvents(side === 'subject' ? 'subject' : 'actor', id);
    },
  );
  protected readonly auditFilter = computed(() => ({ [this.side()]: this.user().id }));

  /** Whom or what it was done to, if that is worth telling on this user's page, and where to see it. */
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
