import { HttpClient } from '@angular/common/http';
import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatExpansionModule } from '@angular/material/expansion';
import { RouterLink } from '@angular/router';
import type { ExplanationDto } from '@latchkey/auth-models';
import {
  DETAILED_CAUSES,
  type ExplanationStep,
  type RejectionFacts,
  type StepResult,
} from '@latchkey/auth-models/lists';
import { Language } from '../core/language';
import { Session } from '../core/session';
import { loaded } from '../shared/loaded';
import { exactTime } from '../shared/time/format-time';
import { Icon, type IconName } from '../shared/ui/icon';
import { BackLink, Fact, NameLink, PageHeader } from '../shared/ui/page';
import { EmptyState, LoadState, StaleNotice } from '../shared/ui/states';
import { remedyAction } from './remedy-action';

const INSTANT = /\d{4}-\d\d-\d\dT[\d:.]+Z/;

/** Page that explains why a request was rejected, with the checks of the server and a remedy. */
@Component({
  selector: 'app-rejection-page',
  imports: [
    BackLink,
    EmptyState,
    Fact,
    Icon,
    LoadState,
    MatButton,
    MatExpansionModule,
    NameLink,
    PageHeader,
    RouterLink,
    StaleNotice,
  ],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './rejection-page.html',
  styles: `
    .parts {
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      gap: var(--space-6);
    }
    .remedy > p {
      margin: var(--space-1) 0 var(--space-3);
    }
    .remedy > p:last-child {
      margin-bottom: 0;
    }
    .section-title {
      margin-bottom: var(--space-3);
    }
    mat-expansion-panel {
      --mat-expansion-header-text-size: 14px;
      --mat-expansion-header-text-weight: 400;
      --mat-expansion-container-text-size: 14px;
      --mat-expansion-container-background-color: transparent;
      --mat-expansion-container-elevation-shadow: none;
    }
    mat-expansion-panel + mat-expansion-panel {
      border-top: 1px solid var(--mat-sys-outline-variant);
    }
    mat-panel-title {
      gap: var(--space-3);
    }
    mat-panel-description {
      flex: none;
      justify-content: flex-end;
    }
    @media (width < 37.5em) {
      mat-expansion-panel-header {
        padding-inline: var(--space-4);
      }
      mat-panel-title,
      mat-panel-description {
        margin-inline-end: var(--space-2);
      }
    }
    .passed app-icon {
      color: var(--app-good);
    }
    .failed :is(mat-panel-title, mat-panel-description) {
      color: var(--mat-sys-error);
      font-weight: 600;
    }
    .skipped mat-panel-title {
      color: var(--mat-sys-on-surface-variant);
    }
  `,
})
export class RejectionPage {
  private readonly http = inject(HttpClient);
  private readonly session = inject(Session);
  private readonly language = inject(Language);

  /** Trace id of the request, from the URL. */
  readonly traceId = input.required<string>();

  protected readonly t = this.language.texts;
  protected readonly icons: Record<StepResult, IconName> = {
    passed: 'done',
    failed: 'alert',
    skipped: 'more',
  };
  protected readonly rejection = loaded(
    () => this.traceId(),
    (traceId) => this.http.get<ExplanationDto>(`/explanations/${encodeURIComponent(traceId)}`),
  );
  /** The checks by result: one line for those that passed, the failed one, and one line for the others. */
  protected readonly checks = computed(() => {
    const { passed, skipped, steps: texts } = this.t().rejections;
    const titles: Record<StepResult, (names: readonly ExplanationStep[]) => string> = {
      passed: ({ length }) => passed(length),
      failed: ([name]) => (name === undefined ? '' : texts[name].name),
      skipped: ({ length }) => skipped(length),
    };
    return (['passed', 'failed', 'skipped'] as const)
      .map((result) => ({
        result,
        steps: (this.shown().steps ?? []).filter((step) => step.result === result).map(({ step }) => step),
      }))
      .filter(({ steps }) => steps.length > 0)
      .map((group) => ({ ...group, title: titles[group.result](group.steps) }));
  });
  private readonly shown = computed((): Partial<ExplanationDto> => this.rejection.value() ?? {});
  protected readonly canSeeTrail = this.session.can('audit:read');
  protected readonly canSeeUsers = this.session.can('users:read');
  protected readonly action = computed(() => {
    const rejection = this.rejection.value();
    return rejection && remedyAction(rejection, this.session.user());
  });
  /** Request, user and token in one line. */
  protected readonly lead = computed(() => {
    const { method, route, user, token } = this.shown();
    return [`${method} ${route}`, user, token?.note].filter((part) => part !== undefined).join(' · ');
  });
  protected readonly time = computed(() => this.format(this.shown().time));
  private readonly detail = computed(
    () => this.shown().steps?.find(({ result }) => result === 'failed')?.detail ?? '',
  );
  private readonly facts = computed((): RejectionFacts => {
    const { user, presentedPreview, missingPermissions = [], missingRoles = [], remedy } = this.shown();
    const [time] = INSTANT.exec(this.detail()) ?? [];
    return {
      missing: [...missingPermissions, ...missingRoles],
      unknown: missingPermissions.filter((name) => remedy?.detail.includes(name)),
      user,
      preview: presentedPreview,
      time: time === undefined ? undefined : this.format(time),
    };
  });
  /** Reason for the failed check. */
  protected readonly sentence = computed(() => {
    const { cause } = this.shown();
    return cause === undefined ? '' : this.t().rejections.sentence(cause, this.facts(), this.detail());
  });
  /** The server's sentence, where it says more than that of the console. */
  protected readonly serverDetail = computed(() => {
    const { cause } = this.shown();
    const saysMore =
      cause !== undefined && DETAILED_CAUSES.includes(cause) && this.sentence() !== this.detail();
    return saysMore ? this.detail() : '';
  });
  protected readonly remedy = computed(() => {
    const { remedy } = this.shown();
    return remedy && this.t().rejections.remedySentence(remedy.kind, this.facts(), remedy.detail);
  });

  private format(instant: string | undefined): string {
    return instant === undefined ? '' : exactTime(instant, this.language.tag(), 'full');
  }
}
