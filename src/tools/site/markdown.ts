import MarkdownIt, { type MarkdownIt as Markdown } from 'markdown-it';
import { createHighlighter } from 'shiki';
import type { DocumentLanguage } from '../../documents/load';
import { headingsOf } from '../../documents/markdown';
import { blockView, reportedLine } from './blocks';
import { siteTexts } from './texts';

/** What the renderer has to know of the page at hand; Eleventy gives its page data. */
export interface RenderEnvironment {
  readonly page: { readonly filePathStem: string };
}

/** The language of a page by its path below the docs folder, such as `/ru/concepts/queue`. */
export function languageOf(filePathStem: string): DocumentLanguage {
  return filePathStem.startsWith('/ru/') ? 'ru' : 'en';
}

/**
 * The renderer of the site: headings get GitHub's fragments, links to `.md` files lead to the built pages, and code
 * blocks say in words what they are.
 *
 * @param translate gives the title of a fix in Russian
 */
export async function createMarkdown(translate: (title: string) => string): Promise<Markdown> {
  const highlighter = await createHighlighter({
    themes: ['light-plus', 'dark-plus'],
    langs: ['typescript', 'python', 'json', 'shellscript'],
  });
  const markdown = new MarkdownIt({ html: false });
  const { escapeHtml } = markdown.utils;

  markdown.core.ruler.push('site-headings-and-links', ({ src, tokens }) => {
    const headings = headingsOf(src);
    for (const token of tokens) {
      if (token.type === 'heading_open') {
        const heading = headings.find(({ line }) => line === token.map?.[0]);
        if (heading) token.attrSet('id', heading.slug);
      }
      for (const child of token.children ?? []) {
        if (child.type !== 'link_open') continue;
        const target = String(child.attrGet('href'));
        if (!/^[a-z][a-z+.-]*:/u.test(target)) child.attrSet('href', target.replace(/\.md(?=#|$)/u, '.html'));
      }
    }
  });

  markdown.renderer.rules['fence'] = (tokens, index, _options, environment) => {
    const token = tokens[index];
    if (!token) return '';
    const { page } = environment as unknown as RenderEnvironment;
    const language = languageOf(page.filePathStem);
    const view = blockView(token.info, language, language === 'ru' ? translate : undefined);
    const code = highlighter.codeToHtml(token.content.replace(/\n$/u, ''), {
      lang: view.grammar,
      themes: { light: 'light-plus', dark: 'dark-plus' },
      defaultColor: 'light-dark()',
      transformers: [
        {
          line(node, line) {
            if (!reportedLine.test(this.source.split('\n')[line - 1] ?? '')) return;
            this.addClassToHast(node, 'reported');
            node.properties['title'] = siteTexts[language].reported;
          },
        },
      ],
    });
    const caption = [
      view.sign === '' ? '' : `<span class="sign" aria-hidden="true">${view.sign}</span>`,
      view.label === '' ? '' : `<span>${escapeHtml(view.label)}</span>`,
      view.language === '' ? '' : `<span class="language">${view.language}</span>`,
    ].join('');
    return `<figure class="block ${view.kind}"><figcaption data-pagefind-ignore>${caption}</figcaption>${code}</figure>\n`;
  };
  // A wide table scrolls by itself instead of the page.
  markdown.renderer.rules['table_open'] = () => '<div class="table" tabindex="0"><table>\n';
  markdown.renderer.rules['table_close'] = () => '</table></div>\n';
  return markdown;
}
