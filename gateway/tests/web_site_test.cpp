#include "gateway/src/web_site.hpp"

#include "gateway/src/config.hpp"
#include "gateway/src/embedded_files.hpp"
#include "gateway/tests/support/api.hpp"

#include <lakegate/testing/temporary_folder.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/stat.h>

#include <filesystem>

namespace lakegate::gateway {
namespace {

namespace fs = std::filesystem;
using folder = lakegate::test::temporary_folder;
using test::api;
using test::code_of;
using test::get;
using test::header_of;
using test::request_of;
using test::without_token;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

http_request page(std::string target) {
  auto result = without_token(get(std::move(target)));
  result.headers.push_back({"Accept", "text/html,application/xhtml+xml,*/*;q=0.8"});
  return result;
}

dispatch_config serving(const folder& what) {
  dispatch_config result;
  result.site = web_site::of_folder(what.path());
  return result;
}

std::string refusal_of(const fs::path& what, web_site_limits limits = {}) {
  try {
    web_site::of_folder(what, limits);
    return "served";
  } catch (const std::runtime_error& x) {
    return x.what();
  }
}

TEST(OpeningTheConsole, NeedsNoToken) {
  api the_api;

  auto answer = the_api.send(without_token(get("/")));

  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.content_type, "text/html; charset=utf-8");
  EXPECT_THAT(answer.body, HasSubstr("<title>Lakegate</title>"));
  EXPECT_EQ(header_of(answer, "X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(header_of(answer, "Cache-Control"), "no-cache");
  EXPECT_EQ(header_of(answer, "Referrer-Policy"), "no-referrer");
  EXPECT_EQ(the_api.workspace_calls, 0);
}

TEST(OpeningTheConsole, ForbidsThePageEverythingBeyondThisGateway) {
  api the_api;

  for (auto path : {"/", "/docs"})
    EXPECT_EQ(header_of(the_api.send(page(path)), "Content-Security-Policy"),
              "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' "
              "data:; connect-src 'self'; form-action 'none'; base-uri 'none'; "
              "frame-ancestors 'none'")
        << path;
}

TEST(OpeningTheConsole, FindsEveryFileThatThePagesName) {
  api the_api;

  for (const auto& html :
       {the_api.send(page("/")).body, the_api.send(page("/docs")).body}) {
    auto found = 0;
    for (auto at = html.find("\"lakegate-web/"); at != std::string::npos;
         at = html.find("\"lakegate-web/", at + 1), ++found) {
      auto path = "/" + html.substr(at + 1, html.find('"', at + 1) - at - 1);
      EXPECT_EQ(the_api.send(get(path)).status, 200) << path;
    }
    EXPECT_GE(found, 2);
    EXPECT_THAT(html, Not(HasSubstr("http://")));
    EXPECT_THAT(html, Not(HasSubstr("https://")));
  }
}

TEST(OpeningTheConsole, NamesTheTypeOfEachFile) {
  api the_api;

  EXPECT_EQ(the_api.send(get("/lakegate-web/app.js")).content_type,
            "text/javascript; charset=utf-8");
  EXPECT_EQ(the_api.send(get("/lakegate-web/style.css")).content_type,
            "text/css; charset=utf-8");
}

TEST(OpeningTheConsole, SendsNothingTwiceToABrowserThatHasIt) {
  api the_api;
  auto etag = header_of(the_api.send(get("/")), "ETag");
  auto again = get("/");
  again.headers.push_back({"If-None-Match", etag});

  auto answer = the_api.send(again);

  EXPECT_THAT(etag, testing::MatchesRegex("\"[0-9a-f]{32}\""));
  EXPECT_EQ(answer.status, 304);
  EXPECT_THAT(answer.body, IsEmpty());
  EXPECT_EQ(header_of(answer, "ETag"), etag);
}

TEST(OpeningTheConsole, TakesHeadAndTellsOfWrongMethods) {
  api the_api;

  auto head = the_api.send(request_of(http_method::head, "/"));
  auto post = the_api.send(request_of(http_method::post, "/", "{}"));

  EXPECT_EQ(head.status, 200);
  EXPECT_TRUE(head.without_body);
  EXPECT_EQ(code_of(post), "METHOD_NOT_ALLOWED");
  EXPECT_EQ(header_of(post, "Allow"), "GET, HEAD, OPTIONS");
}

TEST(OpeningTheConsole, LeavesUnknownPathsUnknown) {
  api the_api;

  for (auto path : {"/nope", "/api", "/lakegate-web/", "/lakegate-web/nope.js",
                    "/lakegate-web/../app.js", "/lakegate-web%2Fapp.js"})
    EXPECT_EQ(code_of(the_api.send(page(path))), "NOT_FOUND") << path;
}

TEST(ServingAnotherApp, TakesTheConsolesPlaceButNotTheDocs) {
  folder app;
  app.with("index.html", "<p>mine").with("assets/a b.JS", "1").with("docs", "no");
  api the_api{serving(app)};

  auto root = the_api.send(get("/"));
  auto script = the_api.send(get("/assets/a%20b.JS"));

  EXPECT_EQ(root.body, "<p>mine");
  EXPECT_EQ(root.content_type, "text/html; charset=utf-8");
  EXPECT_EQ(header_of(root, "Content-Security-Policy"), "");
  EXPECT_EQ(header_of(root, "X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(the_api.send(get("/index.html")).body, "<p>mine");
  EXPECT_EQ(script.body, "1");
  EXPECT_EQ(script.content_type, "text/javascript; charset=utf-8");
  EXPECT_EQ(the_api.send(get("/docs")).body, embedded::docs_html());
  EXPECT_EQ(the_api.send(get("/lakegate-web/docs.js")).status, 200);
}

TEST(ServingAnotherApp, GivesItsIndexForPagesThatOnlyTheAppKnows) {
  folder app;
  app.with("index.html", "<p>mine");
  api the_api{serving(app)};

  auto deep = the_api.send(page("/orders/7?tab=2"));

  EXPECT_EQ(deep.status, 200);
  EXPECT_EQ(deep.body, "<p>mine");
  EXPECT_EQ(header_of(deep, "Vary"), "Accept");
  EXPECT_EQ(code_of(the_api.send(get("/orders/7"))), "NOT_FOUND");
  EXPECT_EQ(code_of(the_api.send(page("/api/orders"))), "NOT_FOUND");
  EXPECT_EQ(code_of(the_api.send(page("/api"))), "NOT_FOUND");
}

TEST(ServingAnotherApp, LeadsNowhereElse) {
  folder outside;
  outside.with("secret.txt", "s3cret");
  folder app;
  app.with("index.html", "x").with(".env", "s3cret").with(".git/config", "s3cret");
  app.with("api/health", "fake").with("real.txt", "real");
  fs::create_symlink(outside.path() / "secret.txt", app.path() / "link.txt");
  fs::create_directory_symlink(outside.path(), app.path() / "folder");
  fs::create_symlink(app.path() / "real.txt", app.path() / "inside.txt");
  ASSERT_EQ(::mkfifo((app.path() / "pipe").c_str(), 0600), 0);
  api the_api{serving(app)};

  EXPECT_EQ(the_api.send(get("/inside.txt")).body, "real");
  for (auto path : {"/.env", "/%2eenv", "/.git/config", "/link.txt", "/folder/secret.txt",
                    "/folder", "/pipe", "/../secret.txt", "/%2e%2e/secret.txt",
                    "/..%2fsecret.txt", "/api/real.txt", "/./real.txt"})
    EXPECT_EQ(code_of(the_api.send(get(path))), "NOT_FOUND") << path;
  EXPECT_THAT(the_api.send(get("/api/health")).body, HasSubstr("healthy"));
}

TEST(ServingAnotherApp, SaysWhyAFolderCannotBeServed) {
  folder app;
  app.with("some.txt", "12345");

  EXPECT_EQ(refusal_of(app.path() / "nope"), "is no folder that can be read");
  EXPECT_EQ(refusal_of(app.path() / "some.txt"), "is no folder that can be read");
  EXPECT_EQ(refusal_of(app.path()), "has no index.html");
  EXPECT_THAT(refusal_of(app.path(), {10, 4}),
              HasSubstr("more than 10 files or 4 bytes"));
  app.with("index.html", "");
  EXPECT_THAT(refusal_of(app.path(), {1, 100}), HasSubstr("more than 1 files"));
  EXPECT_EQ(refusal_of(app.path(), {2, 5}), "served");
}

TEST(ServingAnotherApp, EndsTheStartWithOneSentence) {
  auto table = all_settings();
  auto values = runtime::settings::resolve(
      table, {},
      {{"LAKEGATE_STATIC_DIR", "/nowhere/at/all"},
       {"DATABRICKS_HOST", "https://dbc-1.cloud.example.com"}});
  ASSERT_TRUE(values);

  auto config = read_config(*values);

  ASSERT_FALSE(config);
  EXPECT_EQ(runtime::sentence_of(config.error()),
            "LAKEGATE_STATIC_DIR is \"/nowhere/at/all\", which is no folder that can be "
            "read.");
}

} // namespace
} // namespace lakegate::gateway
