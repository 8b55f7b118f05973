import { DOCUMENT } from '@angular/common';
import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { CopyButton } from './copy-button';

/** JSON of a resource, and the curl command to fetch it. */
@Component({
  selector: 'app-raw-json',
  imports: [CopyButton],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @for (text of [curl(), json()]; track $index) {
      <div class="code-box">
        <app-copy-button [text]="text" />
        <pre tabindex="0"><code>{{ text }}</code></pre>
      </div>
    }
  `,
  styles: `
    :host {
      display: grid;
      gap: 16px;
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

  protected readonly curl = computed(() => `curl -H "X-Auth-Token: $TOKEN" '${this.origin}${this.path()}'`);
  protected readonly json = computed(() => JSON.stringify(this.value(), null, 2));
}
