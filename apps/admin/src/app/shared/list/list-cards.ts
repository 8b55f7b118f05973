import { NgTemplateOutlet } from '@angular/common';
import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { injectTexts } from '../../core/language';
import type { CardPlace, ListColumn } from './list-column';
import type { ListSelection } from './list-selection';
import { type ListRow, RowCheckbox, RowKeys, RowLink } from './rows';

/** Rows of a list as cards, for narrow screens. */
@Component({
  selector: 'app-list-cards',
  imports: [NgTemplateOutlet, RouterLink, RowKeys, RowLink, RowCheckbox],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './list-cards.html',
  styleUrl: './list-cards.scss',
})
export class ListCards<T> {
  readonly rows = input.required<readonly ListRow<T>[]>();
  readonly columns = input.required<readonly ListColumn<T>[]>();
  readonly label = input.required<string>();
  readonly headings = input.required<Readonly<Record<string, string>>>();
  readonly selection = input<ListSelection<T> | null>(null);

  protected readonly t = injectTexts();
  protected readonly title = computed(() => this.columns()[0]);
  protected readonly heads = computed(() => this.at('head'));
  protected readonly facts = computed(() => this.at('fact'));
  protected readonly feet = computed(() => this.at('foot'));

  private at(place: CardPlace): readonly ListColumn<T>[] {
    return this.columns()
      .slice(1)
      .filter((column) => column.place() === place);
  }
}
