/** Words by which Python code shows that its steps belong one after another, beside those of both languages. */

/** Calls that hand something on in order, or only start it: the wait is short or its order is the point. */
export const PYTHON_ORDERED_CALL =
  /^_*(?:send|write|put|push|publish|emit|reply|log|info|debug|warning|error|exception|start|spawn|setup|set_up|drain|flush|a?close|disconnect|stop|cancel|a(?:enter|exit|next)|register|subscribe|unsubscribe|create_(?:datagram_endpoint|(?:unix_)?server))(?:_\w+|__)?$|_(?:callback|handler|hook|listener|event)s?$/;

/** Functions that put things together or take them apart, in order on purpose. */
export const PYTHON_PHASE =
  /^_*(?:(?:on|async|handle|run|before|after)_)*(?:start|startup|start_up|setup|set_up|init|initialize|boot|bootstrap|a?close|a?exit|a?enter|stop|shutdown|cleanup|teardown|unload|cancel|disconnect|reset|restore)(?:_\w+|__)?$/;

/** Collections whose members are called in the order they were registered in. */
export const PYTHON_REGISTRY =
  /(?:trace|preload|func|callable|signal|receiver|service|component|entity|entit)(?:s|ies)$/i;

/** Calls that start work of their own for the round. */
export const PYTHON_STARTERS: ReadonlySet<string> = new Set([
  'gather',
  'as_completed',
  'create_task',
  'ensure_future',
  'start_soon',
  'TaskGroup',
  'create_task_group',
  'open_nursery',
]);

/** Things that one task holds at a time, by the name they have in `async with`. */
export const PYTHON_HELD = /lock|mutex|cond(?:ition)?$|sem(?:aphore)?$|limiter|throttle|transaction|cursor/i;

/** Methods that fill the collection they are called on, in the order of the calls. */
export const PYTHON_FILLS = /^(?:extend|appendleft|insert|update|(?:add|append|insert|set)_\w+)$/;
