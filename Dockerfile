# The service on a CPU: one image, two programs. `serve` is the API; the worker is started by naming it (docker-compose.yml).
# The stages only call scripts that ./run and ./test use as well.

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS sdk

FROM debian:12-slim AS build
COPY --from=sdk /usr/share/dotnet /usr/share/dotnet
ENV PATH="/usr/share/dotnet:${PATH}" \
    DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
WORKDIR /source
COPY scripts/environment scripts/install-dependencies scripts/
RUN apt-get update && apt-get install --yes --no-install-recommends ca-certificates && scripts/install-dependencies native
COPY native native
COPY scripts/build-native scripts/
RUN scripts/build-native
COPY . .
RUN scripts/publish /app

FROM debian:12-slim AS service
COPY --from=sdk /usr/share/dotnet /usr/share/dotnet
ENV PATH="/usr/share/dotnet:${PATH}"
WORKDIR /app
COPY scripts/environment scripts/install-dependencies scripts/check-health scripts/
RUN scripts/install-dependencies runtime && rm -rf /var/lib/apt/lists/* \
 && useradd --system --home-dir /data neural-capacitance \
 && install --directory --owner neural-capacitance /data
COPY --from=build /app .
USER neural-capacitance
VOLUME /data
ENV Storage__Root=/data \
    ASPNETCORE_URLS=http://+:8080 \
    Worker__InProcess=false
EXPOSE 8080
CMD ["dotnet", "/app/api/NeuralCapacitance.Api.dll", "serve"]
