import type { Diagram } from './drawing';

const first = { en: 'request A', ru: 'запрос A' };
const second = { en: 'request B', ru: 'запрос B' };
const third = { en: 'request C', ru: 'запрос C' };
const caller = { en: 'the caller', ru: 'вызывающий код' };
const waits = { en: 'waits', ru: 'ждёт' };
const works = { en: 'works', ru: 'работает' };

/** The pictures of the pages by the name of their file; pages link to `../images/<name>.svg`. */
export const diagrams: Readonly<Record<string, Diagram>> = {
  'event-loop': {
    kind: 'flow',
    description: {
      en: 'The event loop takes the next piece of ready work, runs it until it gives way, and starts over; when nothing is ready, it waits for a timer or a socket, which makes work ready again.',
      ru: 'Цикл событий берёт следующую готовую работу, выполняет её, пока та не уступит управление, и начинает сначала; когда готовой работы нет, он ждёт таймера или сокета, и они снова дают ему работу.',
    },
    height: 244,
    boxes: [
      { x: 30, y: 56, width: 60, kind: 'run', text: ['C'] },
      { x: 96, y: 56, width: 60, kind: 'run', text: ['B'] },
      { x: 162, y: 56, width: 60, kind: 'run', text: ['A'] },
      {
        x: 290,
        y: 47,
        width: 220,
        kind: 'run',
        text: [
          { en: 'run it until it gives way:', ru: 'выполнить, пока не уступит:' },
          { en: 'an await, or its end', ru: 'await или конец' },
        ],
      },
      {
        x: 572,
        y: 47,
        width: 128,
        kind: 'note',
        text: [
          { en: 'anything', ru: 'есть ещё' },
          { en: 'ready?', ru: 'готовая работа?' },
        ],
      },
      {
        x: 290,
        y: 170,
        width: 220,
        kind: 'wait',
        text: [
          { en: 'wait for the next timer,', ru: 'ждать ближайшего таймера,' },
          { en: 'socket or thread', ru: 'сокета или потока' },
        ],
      },
    ],
    arrows: [
      [
        [223, 72],
        [289, 72],
      ],
      [
        [511, 72],
        [571, 72],
      ],
      [
        [636, 98],
        [636, 195],
        [511, 195],
      ],
      [
        [289, 195],
        [60, 195],
        [60, 90],
      ],
      [
        [636, 46],
        [636, 22],
        [192, 22],
        [192, 55],
      ],
    ],
    labels: [
      { x: 230, y: 60, text: { en: 'take one', ru: 'взять' } },
      { x: 644, y: 120, text: { en: 'no', ru: 'нет' } },
      { x: 644, y: 32, text: { en: 'yes', ru: 'да' } },
      { x: 30, y: 40, text: { en: 'ready work', ru: 'готовая работа' } },
      { x: 70, y: 210, text: { en: 'it happened', ru: 'дождались' } },
    ],
  },

  'gather-or-task-group': {
    kind: 'timeline',
    description: {
      en: 'Request B fails. With gather the error reaches the caller at once, and request C runs on with nobody waiting for it. With a task group C is cancelled and cleans up, and only then does the error reach the caller.',
      ru: 'Запрос B падает. У gather ошибка сразу попадает в вызывающий код, а запрос C работает дальше, хотя его никто не ждёт. В группе задач C отменяют, он убирает за собой, и только потом ошибка попадает в вызывающий код.',
    },
    sections: [
      {
        title: 'gather, Promise.all',
        rows: [
          {
            label: caller,
            spans: [
              { from: 0, to: 40, kind: 'wait', text: waits },
              {
                from: 40,
                to: 100,
                kind: 'error',
                text: { en: '✗ has the error and goes on', ru: '✗ получил ошибку и пошёл дальше' },
              },
            ],
          },
          { label: first, spans: [{ from: 0, to: 25, kind: 'run', text: { en: 'done ✓', ru: 'готов ✓' } }] },
          {
            label: second,
            spans: [
              { from: 0, to: 32, kind: 'run', text: works },
              { from: 32, to: 40, kind: 'error', text: '✗' },
            ],
          },
          {
            label: third,
            spans: [
              { from: 0, to: 40, kind: 'run', text: works },
              {
                from: 40,
                to: 92,
                kind: 'note',
                text: { en: 'runs on, nobody waits for it', ru: 'работает дальше, его никто не ждёт' },
              },
            ],
          },
        ],
      },
      {
        title: { en: 'task group', ru: 'группа задач' },
        rows: [
          {
            label: caller,
            spans: [
              { from: 0, to: 62, kind: 'wait', text: { en: 'waits for all of them', ru: 'ждёт всех' } },
              { from: 62, to: 100, kind: 'error', text: { en: '✗ has the error', ru: '✗ получил ошибку' } },
            ],
          },
          { label: first, spans: [{ from: 0, to: 25, kind: 'run', text: { en: 'done ✓', ru: 'готов ✓' } }] },
          {
            label: second,
            spans: [
              { from: 0, to: 32, kind: 'run', text: works },
              { from: 32, to: 40, kind: 'error', text: '✗' },
            ],
          },
          {
            label: third,
            spans: [
              { from: 0, to: 40, kind: 'run', text: works },
              { from: 40, to: 62, kind: 'stopped', text: { en: 'cancelled', ru: 'отменён' } },
            ],
          },
        ],
      },
    ],
  },

  queue: {
    kind: 'timeline',
    description: {
      en: 'The producer makes two items while the consumer uses up one. Once the queue of two is full, put waits, and from then on the producer works at the pace of the consumer.',
      ru: 'Пока потребитель обрабатывает один элемент, производитель успевает создать два. Когда очередь на два места заполнилась, put ждёт, и дальше производитель работает в темпе потребителя.',
    },
    sections: [
      {
        rows: [
          {
            label: { en: 'producer', ru: 'производитель' },
            spans: [
              ...[1, 2, 3, 4, 5, 6].map((item) => ({
                from: (item - 1) * 10,
                to: item * 10,
                kind: 'run' as const,
                text: String(item),
              })),
              { from: 60, to: 70, kind: 'wait', text: 'put' },
              { from: 70, to: 80, kind: 'run', text: '7' },
              { from: 80, to: 90, kind: 'wait', text: 'put' },
              { from: 90, to: 100, kind: 'run', text: '8' },
            ],
          },
          {
            label: { en: 'in the queue', ru: 'в очереди' },
            spans: [
              { from: 0, to: 20, kind: 'level', text: '0' },
              { from: 20, to: 40, kind: 'level', text: '1' },
              { from: 40, to: 100, kind: 'note', text: { en: '2: full', ru: '2: полна' } },
            ],
          },
          {
            label: { en: 'consumer', ru: 'потребитель' },
            spans: [
              { from: 0, to: 10, kind: 'wait', text: 'get' },
              ...[1, 2, 3, 4].map((item) => ({
                from: item * 20 - 10,
                to: item * 20 + 10,
                kind: 'run' as const,
                text: String(item),
              })),
              { from: 90, to: 100, kind: 'run', text: '5' },
            ],
          },
        ],
      },
    ],
  },

  semaphore: {
    kind: 'timeline',
    description: {
      en: 'Five tasks share a semaphore with two permits. Two work, the others wait in line; whenever one leaves, the first in line enters.',
      ru: 'Пять задач делят семафор с двумя разрешениями. Две работают, остальные ждут в очереди; как только одна выходит, входит первая из ожидающих.',
    },
    sections: [
      {
        rows: [
          ...(
            [
              ['A', 0, 30],
              ['B', 0, 45],
              ['C', 30, 60],
              ['D', 45, 80],
              ['E', 60, 95],
            ] as const
          ).map(([name, from, to]) => ({
            label: { en: `task ${name}`, ru: `задача ${name}` },
            spans: [
              ...(from > 0 ? [{ from: 0, to: from, kind: 'wait' as const, text: waits }] : []),
              { from, to, kind: 'run' as const, text: works },
            ],
          })),
          {
            label: { en: 'permits left', ru: 'разрешений' },
            spans: [
              { from: 0, to: 80, kind: 'note', text: '0' },
              { from: 80, to: 95, kind: 'level', text: '1' },
              { from: 95, to: 100, kind: 'level', text: '2' },
            ],
          },
        ],
      },
    ],
  },

  'blocking-call': {
    kind: 'timeline',
    description: {
      en: 'A handler makes a blocking call: until it returns, no timer fires and a request that arrives meanwhile waits. With the asynchronous twin, or in a thread, the handler alone waits, and timers and the request get their turn.',
      ru: 'Обработчик делает блокирующий вызов: пока тот не вернётся, не сработает ни один таймер, а пришедший запрос ждёт. С асинхронным аналогом или в потоке ждёт только обработчик, а таймеры и запрос получают свою очередь.',
    },
    sections: [
      {
        title: { en: 'blocking call', ru: 'блокирующий вызов' },
        rows: [
          {
            label: { en: 'handler', ru: 'обработчик' },
            spans: [
              { from: 0, to: 15, kind: 'run', text: works },
              {
                from: 15,
                to: 70,
                kind: 'error',
                text: { en: '✗ keeps the thread', ru: '✗ не отпускает поток' },
              },
            ],
          },
          {
            label: { en: 'timer', ru: 'таймер' },
            spans: [
              { from: 30, to: 70, kind: 'wait', text: { en: 'due, but late', ru: 'пора, но опаздывает' } },
              { from: 70, to: 75, kind: 'run' },
              { from: 90, to: 95, kind: 'run' },
            ],
          },
          {
            label: { en: 'another request', ru: 'другой запрос' },
            spans: [
              { from: 40, to: 75, kind: 'wait', text: waits },
              { from: 75, to: 90, kind: 'run', text: works },
            ],
          },
        ],
      },
      {
        title: { en: 'asynchronous twin, or a thread', ru: 'асинхронный аналог или поток' },
        rows: [
          {
            label: { en: 'handler', ru: 'обработчик' },
            spans: [
              { from: 0, to: 15, kind: 'run', text: works },
              { from: 15, to: 70, kind: 'wait', text: 'await' },
              { from: 70, to: 75, kind: 'run' },
            ],
          },
          {
            label: { en: 'timer', ru: 'таймер' },
            spans: [30, 50, 75, 90].map((from) => ({ from, to: from + 5, kind: 'run' as const })),
          },
          {
            label: { en: 'another request', ru: 'другой запрос' },
            spans: [{ from: 35, to: 50, kind: 'run', text: works }],
          },
        ],
      },
    ],
  },

  'late-await': {
    kind: 'timeline',
    description: {
      en: 'loadUser rejects while the function still awaits loadOrders. Nobody listens, so Node ends the process, and the await of user is never reached. With Promise.all the function listens to both and catches the error at once.',
      ru: 'loadUser отклоняется, пока функция ещё ждёт loadOrders. Ошибку никто не слушает, Node завершает процесс, и до await user дело не доходит. С Promise.all функция слушает оба промиса и сразу ловит ошибку.',
    },
    sections: [
      {
        title: 'await orders; await user',
        rows: [
          {
            label: { en: 'the function', ru: 'функция' },
            spans: [
              { from: 0, to: 45, kind: 'wait', text: 'await orders' },
              {
                from: 45,
                to: 100,
                kind: 'error',
                text: { en: '✗ unhandled: the process ends', ru: '✗ некому поймать: процесс завершён' },
              },
            ],
          },
          {
            label: 'loadUser',
            spans: [
              { from: 0, to: 37, kind: 'run', text: works },
              { from: 37, to: 45, kind: 'error', text: '✗' },
            ],
          },
          { label: 'loadOrders', spans: [{ from: 0, to: 45, kind: 'run', text: works }] },
        ],
      },
      {
        title: 'await Promise.all([orders, user])',
        rows: [
          {
            label: { en: 'the function', ru: 'функция' },
            spans: [
              { from: 0, to: 45, kind: 'wait', text: { en: 'awaits both', ru: 'ждёт обоих' } },
              {
                from: 45,
                to: 100,
                kind: 'run',
                text: { en: 'catch has the error ✓', ru: 'catch получил ошибку ✓' },
              },
            ],
          },
          {
            label: 'loadUser',
            spans: [
              { from: 0, to: 37, kind: 'run', text: works },
              { from: 37, to: 45, kind: 'error', text: '✗' },
            ],
          },
          { label: 'loadOrders', spans: [{ from: 0, to: 80, kind: 'run', text: works }] },
        ],
      },
    ],
  },
};
