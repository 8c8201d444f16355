// What each known agent needs to be told, as data: a preset fills settings and nothing else, so that no code path
// knows one agent from another (reference coding-agents.md, 2.5, 5.1 and 7.4; tried with the versions named there).

export type Preset = {
  command: readonly string[];
  /** The permission mode in which it asks before each edit; null where it asks by itself or by its files. */
  mode: string | null;
  /** Variables; `{model-url}`, `{model-key}`, `{model}`, `{home}` and `{dir}` are filled in. */
  env: Readonly<Record<string, string>>;
  /** Files of its home, filled in likewise. */
  files: Readonly<Record<string, string>>;
  /** Sent along with a new session. */
  meta: Readonly<Record<string, unknown>> | null;
  /** Whether it must be told which model to use. */
  needsModel: boolean;
};

const nothing = { mode: null, env: {}, files: {}, meta: null, needsModel: false };

const openAiProvider = {
  name: 'suture',
  base_url: '{model-url}',
  wire_api: 'responses',
  env_key: 'OPENAI_API_KEY',
  request_max_retries: 2,
  stream_max_retries: 2,
};

export const presets: Readonly<Record<string, Preset>> = {
  claude: {
    ...nothing,
    command: ['claude-agent-acp'],
    mode: 'default',
    meta: {
      claudeCode: {
        options: {
          settingSources: [],
          strictMcpConfig: true,
          tools: ['Read', 'Edit', 'Write', 'Grep', 'Glob'],
        },
      },
    },
    env: {
      ANTHROPIC_BASE_URL: '{model-url}',
      ANTHROPIC_API_KEY: '{model-key}',
      ANTHROPIC_MODEL: '{model}',
      CLAUDE_AGENT_ACP_PROTOCOL: 'v1',
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      CLAUDE_CODE_MAX_RETRIES: '2',
    },
  },
  codex: {
    ...nothing,
    command: ['codex-acp'],
    mode: 'read-only',
    needsModel: true,
    env: {
      OPENAI_API_KEY: '{model-key}',
      MODEL_PROVIDER: 'suture',
      NO_BROWSER: '1',
      CODEX_CONFIG: JSON.stringify({
        model: '{model}',
        model_provider: 'suture',
        model_providers: { suture: openAiProvider },
        features: { plugins: false },
      }),
    },
  },
  gemini: {
    ...nothing,
    command: ['gemini', '--acp', '--skip-trust'],
    mode: 'default',
    env: {
      GOOGLE_GEMINI_BASE_URL: '{model-url}',
      GEMINI_API_KEY: '{model-key}',
      GEMINI_MODEL: '{model}',
    },
    files: {
      '.gemini/settings.json': JSON.stringify({ security: { auth: { selectedType: 'gemini-api-key' } } }),
    },
  },
  copilot: {
    ...nothing,
    command: ['copilot', '--acp', '--stdio'],
    mode: 'agent',
    needsModel: true,
    env: {
      COPILOT_OFFLINE: 'true',
      COPILOT_PROVIDER_BASE_URL: '{model-url}',
      COPILOT_PROVIDER_API_KEY: '{model-key}',
      COPILOT_MODEL: '{model}',
      COPILOT_AUTO_UPDATE: 'false',
    },
  },
  opencode: {
    ...nothing,
    command: ['opencode', 'acp', '--cwd', '{dir}'],
    needsModel: true,
    env: {
      OPENCODE_CONFIG: '{home}/suture-opencode.json',
      OPENCODE_DISABLE_PROJECT_CONFIG: '1',
      OPENCODE_DISABLE_MODELS_FETCH: '1',
      OPENCODE_DISABLE_AUTOUPDATE: '1',
      OPENCODE_DISABLE_LSP_DOWNLOAD: '1',
    },
    files: {
      'suture-opencode.json': JSON.stringify({
        model: 'suture/{model}',
        small_model: 'suture/{model}',
        enabled_providers: ['suture'],
        autoupdate: false,
        share: 'disabled',
        permission: { edit: 'ask', bash: 'ask', webfetch: 'deny', external_directory: 'deny' },
        provider: {
          suture: {
            npm: '@ai-sdk/openai-compatible',
            name: 'suture',
            options: { baseURL: '{model-url}', apiKey: '{model-key}' },
            models: { '{model}': { name: '{model}', limit: { context: 200_000, output: 32_000 } } },
          },
        },
      }),
    },
  },
};
