import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import type { SupersededSecretDto } from '@latchkey/auth-models';
import { Language } from '../../core/language';
import { exactTime, relativeTime } from '../../shared/time/format-time';
import { Now } from '../../shared/time/now';
import { Time } from '../../shared/time/time';
import { isInGrace } from '../../shared/tokens/token';
import { Icon } from '../../shared/ui/icon';
import { oldSecretUse } from './old-secret-use';

/** What became of the secret from before a rotation: until when it works, and who still goes by it. */
@Component({
  selector: 'app-token-rotation',
  imports: [Icon, Time],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './token-rotation.html',
  styleUrl: './token-rotation.scss',
})
export class TokenRotation {
  private readonly language = inject(Language);
  private readonly now = inject(Now).value;

  readonly superseded = input.required<SupersededSecretDto>();

  protected readonly t = this.language.texts;
  protected readonly uses = computed(() =>
    new Intl.NumberFormat(this.language.tag()).format(this.superseded().uses),
  );
  protected readonly verdict = computed(() => {
    const { lastUsageTime, lastUsageAddress } = this.superseded();
    const words = this.t().tokens.page.rotation;
    const kind = oldSecretUse(this.superseded(), this.now());
    const address = lastUsageAddress ?? words.somewhere;
    const when = this.relative(lastUsageTime);
    switch (kind) {
      case 'unused':
        // No good news yet: what runs once a day or a week has not had its turn.
        return { kind, icon: 'clock', words: words.unused, more: words.rarely } as const;
      case 'quiet':
        return { kind, icon: 'done', words: words.quiet(when), more: '' } as const;
      case 'used':
        return { kind, icon: 'alert', words: words.used(when, address), more: '' } as const;
      case 'over':
        return { kind, icon: 'done', words: words.over, more: '' } as const;
      case 'lateUse':
        return {
          kind,
          icon: 'alert',
          words: `${words.over} ${words.lateUse(when, address)}`,
          more: '',
        } as const;
    }
  });
  protected readonly until = computed(() => {
    const { until } = this.superseded();
    const { until: untilWords, ended } = this.t().tokens.page.rotation;
    const exact = exactTime(until, this.language.tag()).short;
    return isInGrace(this.superseded(), this.now()) ? untilWords(exact, this.relative(until)) : ended(exact);
  });

  private relative(instant: string | undefined): string {
    return instant === undefined
      ? ''
      : relativeTime(Date.parse(instant), this.now(), this.language.tag(), this.t());
  }
}
