// A worker with camunda-external-task-client-js; what it does is told in ../programs/__init__.py.

import { BasicAuthInterceptor, Client, Variables } from "camunda-external-task-client-js";

const { env } = process;
const MESSAGE = "The scale is out of order.";
const failures = new Map();

const say = (facts) => process.stdout.write(`${JSON.stringify(facts)}\n`);

const client = new Client({
  baseUrl: env.WORKER_URL,
  workerId: env.WORKER_NAME,
  maxTasks: 1,
  maxParallelExecutions: 1,
  interval: 100,
  lockDuration: Number(env.WORKER_LEASE_MS),
  asyncResponseTimeout: Number(env.WORKER_WAIT_MS),
  interceptors: new BasicAuthInterceptor({
    username: env.WORKER_USER,
    password: env.WORKER_TOKEN,
  }),
});

const planOf = (task) => {
  const variables = task.variables.getAll();
  say({ fetched: task.id, variables });
  if (variables.plan === "hold") {
    return Number(env.WORKER_EXTENSION_MS) ? "hold" : "complete";
  }
  if (variables.plan !== "fail") {
    return variables.plan;
  }
  failures.set(task.id, (failures.get(task.id) ?? 0) + 1);
  return failures.get(task.id) <= 3 ? "fail" : "complete";
};

const result = () =>
  new Variables()
    .set("text", "Ya – baik")
    .set("truth", true)
    .setTyped("short", { value: 7, type: "Short", valueInfo: {} })
    .set("whole", 70000)
    .set("long", 2 ** 40)
    .set("number", 2.5)
    .set("day", new Date("2026-03-02T09:00:00.000+07:00"))
    .set("json", { a: [1, null] })
    .setTyped("object", {
      value: '{"b": {"c": "d"}}',
      type: "Object",
      valueInfo: {
        objectTypeName: "java.util.HashMap",
        serializationDataFormat: "application/json",
      },
    })
    .set("nothing", null);

const act = async ({ task, taskService }) => {
  const plan = planOf(task);
  if (plan === "hold") {
    await taskService.extendLock(task, Number(env.WORKER_EXTENSION_MS));
    say({ holding: true });
    await new Promise(() => setInterval(() => {}, 1000));
  } else if (plan === "fail") {
    await taskService.handleFailure(task, {
      errorMessage: MESSAGE,
      errorDetails: "No answer on port 7.",
      retries: task.retries === null ? 2 : Math.max(task.retries - 1, 0),
      retryTimeout: 0,
    });
  } else if (plan === "refuse") {
    const reason = new Variables().set("reason", "too heavy");
    await taskService.handleBpmnError(task, "REFUSED", MESSAGE, reason);
  } else {
    await taskService.complete(task, result(), new Variables().set("weight", 12));
  }
};

client.subscribe(env.WORKER_TOPIC, act);
client.on("poll:error", (error) => say({ error: String(error) }));
client.on("handler:error", (error) => say({ error: String(error) }));
say({ ready: true });
