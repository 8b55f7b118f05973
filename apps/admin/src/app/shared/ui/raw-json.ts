import { DOCUMENT } from '@angular/common';
import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { CopyButton } from './copy-button';

/** A thing as the API tells it, and the curl command that asks for it. */
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
  styleUrl: './raw-json.scss',
})
export class RawJson {
  private readonly origin = inject(DOCUMENT).location.origin;

  /** The address of the thing, such as `/users/anna`. */
  readonly path = input.required<string>();
  readonly value = input.required<unknown>();

  protected readonly curl = computed(() => `curl -H "X-Auth-Token: $TOKEN" '${this.origin}${this.path()}'`);
  protected readonly json = computed(() => JSON.stringify(this.value(), null, 2));
}
