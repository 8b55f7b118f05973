import { DOCUMENT, NgTemplateOutlet } from '@angular/common';
import { booleanAttribute, ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { injectTexts } from '../../core/language';
import { CopyButton } from './copy-button';

/** JSON of a resource, and the curl command to fetch it. */
@Component({
  selector: 'app-raw-json',
  imports: [CopyButton, NgTemplateOutlet],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <ng-template #content>
      @for (text of [curl(), json()]; track $index) {
        <div class="code-box">
          <app-copy-button [text]="text" />
          <pre tabindex="0"><code>{{ text }}</code></pre>
        </div>
      }
    </ng-template>
    @if (isCollapsed()) {
      <details>
        <summary>{{ t().common.raw }}</summary>
        <ng-container [ngTemplateOutlet]="content" />
      </details>
    } @else {
      <ng-container [ngTemplateOutlet]="content" />
    }
  `,
  styles: `
    :host {
      display: block;
    }
    .code-box {
      margin-top: 16px;
    }
    summary {
      width: fit-content;
      border-radius: 6px;
      font-weight: 600;
      cursor: pointer;
    }
    app-copy-button {
      float: right;
      margin: -4px -4px 8px 12px;
    }
    pre {
      white-space: inherit;
    }
  `,
})
export class RawJson {
  private readonly origin = inject(DOCUMENT).location.origin;

  /** Path of the resource, such as `/users/anna`. */
  readonly path = input.required<string>();
  readonly value = input.required<unknown>();
  /** Whether it is shown on demand only, below a summary. */
  readonly isCollapsed = input(false, { transform: booleanAttribute });

  protected readonly t = injectTexts();

  protected readonly curl = computed(() => `curl -H "X-Auth-Token: $TOKEN" '${this.origin}${this.path()}'`);
  protected readonly json = computed(() => JSON.stringify(this.value(), null, 2));
}
