import { DOCUMENT } from '@angular/common';
import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { CopyButton } from './copy-button';

/** JSON of a resource, and the curl command to fetch it. */
@Component({
  selector: 'app-raw-json',
  imports: [CopyButton],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div class="part">
      <pre tabindex="0"><code>{{ curl() }}</code></pre>
      <app-copy-button [text]="curl()" />
    </div>
    <div class="part">
      <pre tabindex="0"><code>{{ json() }}</code></pre>
      <app-copy-button [text]="json()" />
    </div>
  `,
  styles: `
    :host {
      display: grid;
      gap: 16px;
    }
    .part {
      position: relative;
    }
    pre {
      overflow: auto;
      margin: 0;
      padding: 16px 148px 16px 16px;
      border: 1px solid var(--mat-sys-outline-variant);
      border-radius: 10px;
      background: var(--app-card);
      font: 13px/1.6 var(--app-mono);
      white-space: pre-wrap;
      overflow-wrap: anywhere;
    }
    app-copy-button {
      position: absolute;
      top: 8px;
      right: 8px;
    }
    /* There is no room beside the text for the button. */
    @media (max-width: 599px) {
      pre {
        padding: 60px 16px 16px;
      }
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
