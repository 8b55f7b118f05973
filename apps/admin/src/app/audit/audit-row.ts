import {
  ChangeDetectionStrategy,
  Component,
  computed,
  DOCUMENT,
  inject,
  input,
  output,
  signal,
} from '@angular/core';
import type { AuditEventDto, SignInFailure } from '@latchkey/auth-models';
import { browserName, isBrowser } from '../core/browser-name';
import { injectTexts, Language } from '../core/language';
import { Session } from '../core/session';
import { actorLink, actorName, BULK } from '../shared/audit-actor';
import type { ListChange } from '../shared/list/list-state';
import { exactTime } from '../shared/time/format-time';
import { Icon } from '../shared/ui/icon';
import { NameLink } from '../shared/ui/page';
import { type AuditChange, summaryOf } from './audit-changes';
import { AuditDetails } from './audit-details';
import { AuditSummary } from './audit-summary';

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/;

/** Row of an audit entry with its summary. A click expands it to all details, with filters. */
@Component({
  selector: 'app-audit-row',
  imports: [AuditDetails, AuditSummary, Icon, NameLink],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { '(click)': 'toggleAt($event)' },
  templateUrl: './audit-row.html',
  styles: `
    /* Actor, action and target are aligned in all rows. */
    .line {
      display: grid;
      grid-template-columns: var(--app-audit-columns);
      align-items: center;
      gap: 0 var(--space-3);
      min-height: 52px;
      padding: var(--space-1) var(--space-4) var(--space-1) var(--space-2);
      cursor: pointer;
    }
    .line:hover {
      background: var(--mat-sys-surface-container-low);
    }
    .toggle {
      display: grid;
      place-items: center;
      width: 36px;
      height: 36px;
    }
    .toggle app-icon {
      transform: rotate(-90deg);
      transition: transform 120ms;
    }
    .toggle app-icon.open {
      transform: none;
    }
    .what {
      display: contents;
    }
    .of-token {
      display: flex;
      flex-wrap: wrap;
      align-items: baseline;
      gap: 0 var(--space-2);
    }
    app-name-link {
      min-width: 0;
      font-weight: 600;
      overflow-wrap: anywhere;
    }
    .failed {
      color: var(--mat-sys-error);
    }
    .address {
      justify-self: end;
      font: 0.8125rem/1.125rem var(--app-mono);
      text-align: right;
      overflow-wrap: anywhere;
    }
    app-audit-summary {
      grid-column: var(--app-audit-summary) / -1;
      margin: var(--space-half) 0 var(--space-1);
    }
    .line .unlisted {
      display: none;
    }
    @media not (pointer: coarse) {
      :host-context(.compact) .line {
        min-height: 40px;
        padding-block: var(--space-half);
      }
    }
    @container (width < 50rem) {
      .line {
        grid-template-columns: 36px minmax(0, 1fr) auto;
        padding: var(--space-3) var(--space-3) var(--space-3) var(--space-1);
      }
      .what {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        gap: var(--space-half) var(--space-3);
        grid-column: 2 / -1;
        grid-row: 2;
        min-width: 0;
      }
      app-audit-summary {
        grid-column: 2 / -1;
      }
    }
  `,
})
export class AuditRow {
  private readonly language = inject(Language);
  private readonly session = inject(Session);
  private readonly window = inject(DOCUMENT).defaultView;

  readonly event = input.required<AuditEventDto>();
  readonly hiddenColumns = input<ReadonlySet<string>>(new Set());
  readonly filtersChange = output<ListChange>();

  protected readonly t = injectTexts();
  protected readonly isOpen = signal(false);
  protected readonly toggleLabel = computed(() => {
    const { audit, auditActions } = this.t();
    const { action, subject } = this.event();
    const target = this.showsSubject() && !this.isAboutMany() ? ` ${subject.name}` : '';
    return `${audit.details}: ${auditActions[action]}${target}`;
  });
  protected readonly summary = computed(() => {
    const { more, members } = this.t().audit;
    return summaryOf(this.event(), { more, termOf: (value) => this.formatSpecial(value) }).map((change) => ({
      ...change,
      ...this.detailOf(change),
      member: members[change.member] ?? change.member,
    }));
  });
  protected readonly isAboutMany = computed(() => this.event().subject.name === BULK);
  /** Whether the subject adds information to actor and action. */
  protected readonly showsSubject = computed(() => {
    const { action, actor, subject } = this.event();
    const isOwn = action === 'authn_logout' || (subject.id !== undefined && subject.id === actor?.id);
    return subject.kind !== 'audit' && !isOwn;
  });
  /** Kind of the subject, if the action does not name it. */
  protected readonly subjectKind = computed(() => {
    const { kind } = this.event().subject;
    return ['user', 'role', 'api', 'token', 'token_template', 'event_target'].includes(kind)
      ? null
      : this.t().audit.subjects[kind];
  });
  /** Router commands of the subject's page; `null` if there is none that the user may see. */
  protected readonly subjectLink = computed(() => {
    const { kind, id, name } = this.event().subject;
    if (this.isAboutMany()) {
      return null;
    }
    switch (kind) {
      case 'user':
      case 'offer':
        return this.session.can('users:read') ? ['/users', name] : null;
      case 'token':
        // The subject has the name of the owner, and the token is a link of its own.
        return id !== undefined && name !== 'deleted' && this.session.can('users:read')
          ? ['/users', name]
          : null;
      case 'role':
        return this.session.can('roles:read') ? ['/roles', name] : null;
      case 'api':
        return this.session.can('apis:read') ? ['/apis', name] : null;
      case 'event_target':
        return this.session.can('events:read') ? ['/settings/events', name] : null;
      default:
        return null;
    }
  });
  /** The token that the entry is about, with its note or preview, which entries of older versions lack. */
  protected readonly token = computed(() => {
    const { subject, before, after } = this.event();
    if (subject.kind !== 'token' || subject.id === undefined) {
      return null;
    }
    const { note, tokenPreview } = { ...before, ...after };
    const [name, preview] = [note, tokenPreview].map((text) => (typeof text === 'string' ? text : ''));
    return {
      link: ['/tokens', subject.id],
      name: name || preview || this.t().audit.token,
      preview: name ? preview : '',
    };
  });
  /** The actor's name with its link, if the user may see users. */
  protected readonly actor = computed(() => {
    const { actor } = this.event();
    return (
      actor && {
        name: actorName(actor, this.t().audit.server),
        link: this.session.can('users:read') ? actorLink(actor) : null,
      }
    );
  });

  /** Opens or closes the entry, unless the click follows a link or ends a text selection. */
  protected toggleAt({ target }: MouseEvent): void {
    const isAt = (selector: string) => target instanceof Element && target.closest(selector) !== null;
    const isMarking = this.window?.getSelection()?.type === 'Range';
    if (isAt('.toggle') || (isAt('.line') && !isAt('a') && !isMarking)) {
      this.isOpen.update((isOpen) => !isOpen);
    }
  }

  protected exactTime(style: 'time' | 'full'): string {
    return exactTime(this.event().time, this.language.tag(), style);
  }

  /** Returns the value of a detail in the language of the console. */
  private detailOf({ member, after }: AuditChange): Partial<AuditChange> {
    const texts = this.t();
    if (member === 'reason') {
      return { after: texts.audit.signInFailures[after as SignInFailure] ?? after };
    }
    return member === 'userAgent' && after !== null && isBrowser(after)
      ? { after: browserName(after, texts) }
      : {};
  }

  private formatSpecial(value: unknown): string | undefined {
    const { yes, no } = this.t().audit;
    if (typeof value === 'boolean') {
      return value ? yes : no;
    }
    return typeof value === 'string' && INSTANT.test(value)
      ? exactTime(value, this.language.tag())
      : undefined;
  }
}
