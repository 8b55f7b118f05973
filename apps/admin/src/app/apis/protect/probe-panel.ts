import { ChangeDetectionStrategy, Component, computed, input, linkedSignal, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import type { ProbeCheckDto } from '@latchkey/auth-models';
import { firstValueFrom } from 'rxjs';
import { injectTexts } from '../../core/language';
import { type Problem, problemOf, problemText } from '../../core/problem';
import { Icon } from '../../shared/ui/icon';
import { injectApis } from '../apis-api';

/** Test of the protected API: the server sends requests to it, and the panel shows how it responds. */
@Component({
  selector: 'app-probe-panel',
  imports: [Icon, MatButton, MatFormFieldModule, MatInput],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <h2 class="card-title">{{ t().apis.probe.heading }}</h2>
    <p>{{ t().apis.probe.text }}</p>
    <form class="row" (submit)="$event.preventDefault(); test(field.value)">
      <mat-form-field appearance="outline" subscriptSizing="dynamic">
        <mat-label>{{ t().apis.probe.url }}</mat-label>
        <input
          #field
          matInput
          maxlength="2048"
          autocomplete="off"
          autocapitalize="none"
          spellcheck="false"
          [value]="url()"
          (input)="url.set(field.value)"
        />
      </mat-form-field>
      <button matButton="filled" type="submit" disabledInteractive [disabled]="isRunning()">
        {{ isRunning() ? t().apis.probe.running : t().apis.probe.action }}
      </button>
    </form>
    <div role="status">
      @if (checks(); as checks) {
        <ul>
          @for (check of checks; track check.check) {
            <li [class.passed]="check.passed" [class.failed]="!check.passed && !isSkipped(check)">
              <app-icon [name]="check.passed ? 'check' : isSkipped(check) ? 'pause' : 'alert'" />
              <div>
                <strong>{{ t().apis.probe.checks[check.check] }}</strong>
                @if (!isSkipped(check)) {
                  <span class="second-line">{{ outcome(check) }}</span>
                }
                @if (!check.passed) {
                  <p>{{ t().apis.probe.hints[check.result] }}</p>
                } @else if (check.status === 404) {
                  <p>{{ t().apis.probe.noPath }}</p>
                }
              </div>
            </li>
          }
        </ul>
      }
    </div>
    @if (problemMessage(); as message) {
      <p class="notice" role="alert">{{ message }}</p>
    }
  `,
  styles: `
    :host(.card) {
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      gap: 14px;
    }
    mat-form-field {
      flex: 1 1 240px;
    }
    form > button {
      height: 52px;
    }
    ul {
      display: grid;
      gap: 14px;
      margin: 0;
      padding: 0;
      list-style: none;
    }
    li {
      display: flex;
      gap: 12px;
    }
    .passed app-icon {
      color: var(--mat-sys-primary);
    }
    .failed app-icon {
      color: var(--mat-sys-error);
    }
  `,
})
export class ProbePanel {
  private readonly client = injectApis();

  /** Name of the API. */
  readonly api = input.required<string>();
  readonly permission = input.required<string>();
  /** Product that protects the API. */
  readonly guard = input.required<string>();
  /** Suggested URL. */
  readonly address = input.required<string>();

  protected readonly t = injectTexts();
  protected readonly url = linkedSignal(() => this.address());
  protected readonly isRunning = signal(false);
  /** Subject of the test. Results of an earlier one are out of date. */
  private readonly subject = computed(() => ({
    guard: this.guard(),
    permission: this.permission(),
    url: this.url(),
  }));
  protected readonly checks = linkedSignal<unknown, readonly ProbeCheckDto[] | null>({
    source: this.subject,
    computation: () => null,
  });
  private readonly problem = linkedSignal<unknown, Problem | null>({
    source: this.subject,
    computation: () => null,
  });
  protected readonly problemMessage = computed(() => {
    const problem = this.problem();
    if (problem === null) {
      return null;
    }
    const [first] = problem.errors;
    const own = this.t().apis.probe.invalid;
    return first?.pointer === '/url'
      ? own[first.code === 'own_address' ? 'own' : 'host']
      : problemText(problem, this.t());
  });

  protected async test(url: string): Promise<void> {
    if (this.isRunning()) {
      return;
    }
    const subject = this.subject();
    this.isRunning.set(true);
    this.problem.set(null);
    this.checks.set(null);
    try {
      const { checks } = await firstValueFrom(
        this.client.probe(this.api(), { url: url.trim(), permission: this.permission() }),
      );
      if (this.subject() === subject) {
        this.checks.set(checks);
      }
    } catch (error) {
      if (this.subject() === subject) {
        this.problem.set(problemOf(error));
      }
    } finally {
      this.isRunning.set(false);
    }
  }

  /** Whether the server sent no request for a check. */
  protected isSkipped({ result }: ProbeCheckDto): boolean {
    return result === 'not_held' || result === 'not_sent';
  }

  protected outcome({ expected, status, check }: ProbeCheckDto): string {
    const { outcome, accepted } = this.t().apis.probe;
    return outcome(check === 'permission' ? accepted : expected, status ?? null);
  }
}
